/** W40xx: audit logs, their keys and their proofs: what keeps a log from being written, and what verification finds. */
import { catalogue } from './problem.ts'

export const auditProblems = catalogue({
  W4001: {
    severity: 'error',
    title: 'Log has another writer',
    message:
      '{folder} is being written by {by}. A log has one writer at a time: end that one, or write to another folder. If it is surely gone, remove {lock}.',
  },
  W4002: {
    severity: 'error',
    title: 'Folder is no log',
    message: '{folder} holds {name}, which is no part of an audit log. Name a new or empty folder, or one with a log.',
  },
  W4003: {
    severity: 'error',
    title: 'Private key cannot be used',
    message: 'the private key {path} cannot be used: {why}. {advice}',
  },
  W4004: {
    severity: 'error',
    title: 'Log of another key',
    message:
      'the checkpoint of {folder} does not fit the key: {why}. A log goes on with the key it began with; name that one.',
  },
  W4005: {
    severity: 'error',
    title: 'Log cannot be continued',
    message:
      '{folder} cannot be continued: {why}. Keep it as it is, verify it with "writ verify", and begin a new log.',
  },
  W4006: {
    severity: 'error',
    title: 'Log cannot be written',
    message: '{folder} cannot be written: {why}. What was answered until then is in the log; {hint}',
  },
  W4007: {
    severity: 'error',
    title: 'Key file is there already',
    message: '{path} is there already, and a private key is never overwritten. Name another file with --output.',
  },
  W4008: {
    severity: 'error',
    title: 'Not the name of a key',
    message:
      '{name} cannot name a key: a name has no spaces and no +. Use a place you own, such as example.com/payments.',
  },
  W4009: {
    severity: 'error',
    title: 'Stream needs a source',
    message: 'a stream of events is read as NDJSON, and {why}. {hint}',
  },
  W4010: {
    severity: 'error',
    title: 'Input is shorter than decided',
    message:
      '{input} has {bytes} bytes, but the log has decided {decided} bytes of it. Name the input that the log was written from.',
  },
  W4011: {
    severity: 'error',
    title: 'Archive cannot be read',
    message: 'the archive {path} is refused: {why}. Unpack it yourself where you trust it, and verify the folder.',
  },
  W4012: {
    severity: 'error',
    title: 'Token cannot be used',
    message: 'the token file {path} cannot be used: {why}. {advice}',
  },
  W4013: {
    severity: 'error',
    title: 'Address cannot be served',
    message: '{address} cannot be served: {why}. Name another port with --port, or end what holds it.',
  },
  W4014: {
    severity: 'error',
    title: 'Log was not ended in good order',
    message:
      'the journal of {folder} holds what is not in its tiles yet, openings among it. Let "writ run" go on with the log and end once, then prune it.',
  },
  W4019: {
    severity: 'error',
    title: 'Program changed while something is pending',
    message:
      '{folder} cannot go on with this program: {why}. Let the program that wrote it come to an end first, or begin a new log.',
  },
  W4020: {
    severity: 'error',
    title: 'Checkpoint cannot be trusted',
    message:
      'the checkpoint is refused: {why}. Nothing anchors the entries; compare keys, and ask for the checkpoint again.',
  },
  W4021: {
    severity: 'error',
    title: 'Entries contradict the checkpoint',
    message: '{entries} in {file} {why}. They are not what was signed.',
  },
  W4022: {
    severity: 'error',
    title: 'Part of the log missing',
    message: '{file} is not there, and {entries} with it. What they said cannot be checked.',
  },
  W4023: {
    severity: 'error',
    title: 'Tile is damaged',
    message: '{file} {why}. It stands for {entries}; their own bytes decide whether they were touched.',
  },
  W4024: {
    severity: 'error',
    title: 'Log was cut off',
    message:
      'the log has {now} entries, but a checkpoint signed earlier has {before}. {entries} are gone, and no honest log gets shorter.',
  },
  W4025: {
    severity: 'error',
    title: 'History was rewritten',
    message:
      'the first {before} entries are not those of the checkpoint that was signed earlier. Somebody with the key signed two different histories.',
  },
  W4026: {
    severity: 'error',
    title: 'File does not belong there',
    message:
      '{file} {why}. The layout of a log has no such file for {entries}; remove it only once you know where it comes from.',
  },
  W4027: {
    severity: 'error',
    title: 'Opening does not fit',
    message: '{file}, line {line}: {why}. The record itself is not touched by that.',
  },
  W4028: {
    severity: 'error',
    title: 'Policy text does not fit',
    message: '{file} {why}. It is the text of the policies that decided {entries}.',
  },
  W4029: {
    severity: 'error',
    title: 'Too few witnesses',
    message:
      'the checkpoint over {entries} has not the witnesses that {policy} asks for. Have it cosigned, or wait for them.',
  },
  W4030: {
    severity: 'error',
    title: 'Proof is refused',
    message: '{file} proves nothing: {why}.',
  },
  W4031: {
    severity: 'error',
    title: 'Trust policy or key wrong',
    message: '{where}: {why}.',
  },
  W4032: {
    severity: 'error',
    title: 'Nothing to verify',
    message:
      '{path} is {what}. Name the folder or archive of a log, a .tlog-proof, or an evidence file of "writ prove".',
  },
  W4033: {
    severity: 'error',
    title: 'Entry is no record',
    message: '{entries} in {file} {why}. The entry is what was signed, but Writ did not write it.',
  },
  W4034: {
    severity: 'error',
    title: 'Journal is damaged',
    message: '{file} is damaged: {why}. {entries} that no checkpoint anchors may be lost.',
  },
  W4035: {
    severity: 'error',
    title: 'Decision comes out otherwise',
    message:
      'entry {entry}: {policy} decides otherwise over the recorded events: {what}, recorded: {recorded}; decided again: {replayed}.',
  },
  W4036: {
    severity: 'error',
    title: 'Copy cannot be written',
    message: '{folder} cannot take the copy: {why}. Name a folder that is not there yet.',
  },
  W4037: {
    severity: 'error',
    title: 'Note of an erasure cannot be trusted',
    message: '{file} is refused: {why}. What it says was erased may have been erased without a right.',
  },
  W4038: {
    severity: 'error',
    title: 'Erased value is there',
    message:
      '{file} opens {entries}, which a signed note says are erased. Run "writ prune" again, and ask who put them back.',
  },
  W4040: {
    severity: 'error',
    title: 'Witness refuses to sign',
    message:
      'the witness does not sign: {why}. Nothing was written; keep the log and the state for whoever looks into it.',
  },
  W4041: {
    severity: 'error',
    title: 'No such entry',
    message: '{folder} has no entry {entry}: {hint}',
  },
  W4042: {
    severity: 'error',
    title: 'Explanation would disclose',
    message:
      'an explanation shows values of events, and contracts of these policies have fields that records withhold. Add --disclose, or leave --workspace out.',
  },
  W4050: {
    severity: 'error',
    title: 'Digest is not what was signed',
    message:
      'the digest {file}{time} is refused: {why}. What its log files say is not shown to be what CloudTrail wrote.',
  },
  W4051: {
    severity: 'error',
    title: 'Log file is not what its digest says',
    message: 'the log file {file}{time} is not what CloudTrail wrote: {why}.',
  },
  W4052: {
    severity: 'error',
    title: 'Log file missing',
    message: 'the log file {file}{time} is missing: {why}. What happened at that time cannot be told.',
  },
  W4053: {
    severity: 'error',
    title: 'Log file under no digest',
    message: 'nothing shows that CloudTrail wrote {file}: {why}.',
  },
  W4054: {
    severity: 'error',
    title: 'Chain of digests is broken',
    message: 'the chain breaks before {file}{time}: {why}.',
  },
  W4055: {
    severity: 'error',
    title: 'Digest was moved',
    message: 'the digest {file}{time} stands at another place: {why}.',
  },
})

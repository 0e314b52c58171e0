#!/usr/bin/env python3
"""Checks an evidence file of `writ prove`, with nothing but the Python standard library.

    python3 verify-evidence.py EVIDENCE.json VKEY

VKEY is the verifier key of the log (NAME+ID+KEY). Checked: that the record is in the log under a checkpoint which the key
signed (C2SP tlog-proof, RFC 6962, Ed25519 of RFC 8032), that the policy text is the one that the record names, and that disclosed
values are those that the record withholds. Not checked: the explanation, which no signature covers. Exit code 0: all holds.
"""
import base64, hashlib, json, sys

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    result = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P != 0 or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(key, message, signature):
    a, r = point_of(key), point_of(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def need(condition, why):
    if not condition:
        sys.exit("refused: " + why)


def root_from(leaf, index, size, proof):
    """RFC 9162, section 2.1.3.2."""
    need(index < size, "the checkpoint covers fewer entries")
    at, last, node = index, size - 1, leaf
    for step in proof:
        need(last > 0 and len(step) == 32, "the proof is too long")
        if at & 1 or at == last:
            node = sha256(b"\1", step, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\1", node, step)
        at, last = at >> 1, last >> 1
    need(last == 0, "the proof is too short")
    return node


def main(path, vkey):
    with open(path, encoding="utf-8") as file:
        evidence = json.load(file)
    need(evidence.get("form") == "writ evidence 1", "this is no evidence file")
    name, key_id, key_text = vkey.split("+", 2)
    key = base64.b64decode(key_text, validate=True)
    need(key[0] == 1 and sha256(name.encode() + b"\n" + key)[:4].hex() == key_id, "the verifier key does not fit its id")
    head, note = evidence["proof"].split("\n\n", 1)
    lines = head.split("\n")
    need(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("index "), "this is no tlog-proof")
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    signed = [line.split(" ") for line in signatures.splitlines()]
    mine = [base64.b64decode(parts[2]) for parts in signed if parts[0] == "\u2014" and parts[1] == name]
    mine = [signature[4:] for signature in mine if signature[:4].hex() == key_id]
    need(origin == name and len(mine) == 1 and ed25519(key[1:], text.encode(), mine[0]), "the key did not sign the checkpoint")
    proof = [base64.b64decode(line) for line in lines[2:]]
    index, record_bytes = int(lines[1][6:]), evidence["record"].encode()
    found = root_from(sha256(b"\0", record_bytes), index, int(size), proof)
    need(found == base64.b64decode(root), "the record is not in the log")
    record = json.loads(record_bytes)
    program = evidence["program"]
    named = record["program"] if "program" in record else record["policy"]["digest"]
    need(program is None or sha256(program.encode()).hex() == named, "the policy text is another one")
    for opening in evidence["openings"]:
        value = json.dumps(opening["value"], separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
        committed = record.get("withheld", {}).get(opening["path"], "")
        fits = sha256(base64.b64decode(opening["salt"]), value) == base64.b64decode(committed)
        need(opening["entry"] == index and fits, opening["path"] + " is not the value that was withheld")
    print(f"proven: entry {index} of {origin}, in a log of {size} entries")
    if record["form"] == "writ decision 1":
        print(f"{record['decision']} by {record['policy']['name']} {record['policy']['version']}: {record['reason']}")
    else:
        print(record["effect"] if "effect" in record else f"{record['kind']} by {record['policy']['name']}: {record['rule']}")


if __name__ == "__main__":
    need(len(sys.argv) == 3, "give an evidence file and a verifier key")
    main(sys.argv[1], sys.argv[2])

/** The reader of each format. */
import type { SourceFormat } from '@writ/engine'
import { ChatExpander } from './chat.ts'
import { CsvReader } from './csv.ts'
import type { FormatReader, RecordSink } from './format-reader.ts'
import { JsonStream } from './json-stream.ts'
import { NdjsonReader } from './ndjson.ts'

/** A reader for one file of the format. */
export function formatReader(format: SourceFormat, sink: RecordSink): FormatReader {
  switch (format) {
    case 'ndjson':
      return new NdjsonReader(sink)
    case 'json':
      return new JsonStream({ format, objects: 'member', member: null }, sink)
    case 'csv':
      return new CsvReader(sink)
    case 'chat':
      return new JsonStream({ format, objects: 'values', member: null }, new ChatExpander(sink))
    case 'cloudtrail':
      return new JsonStream({ format, objects: 'member', member: 'Records' }, sink)
  }
}

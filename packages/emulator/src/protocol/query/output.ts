import { STRING, structure, type Operation } from '../schema.ts'
import { writeXml } from '../xml.ts'

const ResponseMetadata = structure('ResponseMetadata', { RequestId: STRING })
const ErrorDetail = structure('Error', { Type: STRING, Code: STRING, Message: STRING })
const ErrorResponse = structure('ErrorResponse', { Error: ErrorDetail, RequestId: STRING })

/** `<XResponse><XResult>…</XResult><ResponseMetadata><RequestId/></ResponseMetadata></XResponse>`; no result where the action has none. */
export function writeResult(
  operation: Operation,
  output: unknown,
  requestId: string,
  xmlNamespace: string,
): string {
  const { name } = operation
  const metadata = { ResponseMetadata: { RequestId: requestId } }
  if (operation.output.isUnitSchema()) {
    return writeXml(structure(`${name}Response`, { ResponseMetadata }), metadata, xmlNamespace)
  }
  const envelope = structure(`${name}Response`, { [`${name}Result`]: operation.output, ResponseMetadata })
  return writeXml(envelope, { [`${name}Result`]: output ?? {}, ...metadata }, xmlNamespace)
}

/** `<ErrorResponse><Error><Type>Sender</Type>…`: whose fault it is follows from the status. */
export function writeError(
  error: { code: string; message: string; status: number },
  requestId: string,
  xmlNamespace: string,
): string {
  const Type = error.status < 500 ? 'Sender' : 'Receiver'
  const detail = { Type, Code: error.code, Message: error.message }
  return writeXml(ErrorResponse, { Error: detail, RequestId: requestId }, xmlNamespace)
}

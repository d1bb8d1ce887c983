import { extended, STRING, structure, type Operation } from '../schema.ts'
import { writeXml } from '../xml.ts'

const ErrorDetail = structure('Error', { Code: STRING, Message: STRING })
const ErrorList = structure('Errors', { Error: ErrorDetail })
const ErrorResponse = structure('Response', { Errors: ErrorList, RequestID: STRING })

/** `<XResponse><requestId/>…</XResponse>`, the answer's members beside the id; `<return>true</return>` where the action has none. */
export function writeEc2Result(
  { name, output: schema }: Operation,
  output: unknown,
  requestId: string,
  xmlNamespace: string,
): string {
  if (schema.isUnitSchema()) {
    const envelope = structure(`${name}Response`, { requestId: STRING, return: STRING })
    return writeXml(envelope, { requestId, return: 'true' }, xmlNamespace)
  }
  const envelope = extended(`${name}Response`, schema, { requestId: STRING })
  return writeXml(envelope, { ...(output as object), requestId }, xmlNamespace)
}

/** `<Response><Errors><Error><Code/><Message/></Error></Errors><RequestID/></Response>`. */
export function writeEc2Error(error: { code: string; message: string }, requestId: string): string {
  // EC2 has a name of its own for keys and signatures that it doesn't accept
  const Code = /^(InvalidClientTokenId|SignatureDoesNotMatch)$/.test(error.code) ? 'AuthFailure' : error.code
  const detail = { Code, Message: error.message }
  return writeXml(ErrorResponse, { Errors: { Error: detail }, RequestID: requestId })
}

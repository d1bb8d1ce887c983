import { STRING, structure } from '../../protocol/schema.ts'
import { writeXml } from '../../protocol/xml.ts'

/** `<Error><Code/><Message/>…<RequestId/><HostId/></Error>` with the error's own elements between. */
export function errorDocument(
  error: { code: string; message: string; details: Record<string, string> },
  request: { resource: string; requestId: string; hostId: string },
): string {
  const elements = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: request.resource,
    RequestId: request.requestId,
    HostId: request.hostId,
  }
  const members = Object.fromEntries(Object.keys(elements).map((name) => [name, STRING]))
  return writeXml(structure('Error', members), elements)
}

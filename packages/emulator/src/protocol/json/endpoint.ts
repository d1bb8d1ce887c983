import { ServiceError } from '../../services/service.ts'
import { headerOf } from '../../http/request.ts'
import type { Dialect } from '../rpc.ts'
import { readJson } from './input.ts'
import { writeJson } from './output.ts'

/** AWS JSON 1.0 or 1.1: the operation in a header, input and answer in JSON, times as seconds since 1970. */
export const jsonDialect = ({
  target,
  version = '1.1',
}: {
  target: string
  version?: '1.0' | '1.1'
}): Dialect => {
  const headersOf = (requestId: string) => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  })
  return {
    read(request, body) {
      const [prefix, name] = (headerOf(request.headers, 'x-amz-target') ?? '').split('.')
      return { name: prefix === target ? name : undefined, input: ({ input }) => readJson(input, body) }
    },
    unknown: (name) =>
      new ServiceError(
        'UnknownOperationException',
        name === undefined
          ? `The request must name its operation as ${target}.<name>.`
          : `There is no operation ${name}.`,
      ),
    result: ({ output: schema }, output, requestId) => ({
      headers: headersOf(requestId),
      body: schema.isUnitSchema() ? '' : writeJson(schema, output ?? {}),
    }),
    error: ({ code, message }, requestId) => ({
      headers: { ...headersOf(requestId), 'x-amzn-errortype': code },
      body: JSON.stringify({ __type: code, message }),
    }),
  }
}

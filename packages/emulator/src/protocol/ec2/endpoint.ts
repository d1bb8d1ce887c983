import { ServiceError } from '../../services/service.ts'
import { asTree } from '../query/form.ts'
import { parametersOf } from '../query/endpoint.ts'
import { ec2Names, readInput } from '../query/input.ts'
import type { Dialect, RpcService } from '../rpc.ts'
import { writeEc2Error, writeEc2Result } from './output.ts'

/** A service of EC2's dialect. */
export interface Ec2Service extends RpcService {
  /** The API version that the client sends as `Version`. */
  apiVersion: string
  /** The XML namespace of its answers. */
  xmlNamespace: string
}

/** The query protocol as EC2 alone speaks it: its own names of parameters, lists without `member`, no result element, and its own errors. */
export const ec2Dialect = ({ apiVersion, xmlNamespace }: Ec2Service): Dialect => ({
  read(request, body) {
    const parameters = parametersOf(request, body)
    const given = new Map(parameters)
    const [name, version] = [given.get('Action'), given.get('Version')]
    if (name && version !== apiVersion) throw unknownAction(name)
    return { name, input: (operation) => readInput(operation.input, asTree(parameters), ec2Names) }
  },
  unknown: (name) =>
    name
      ? unknownAction(name)
      : new ServiceError('MissingAction', 'The request must contain the parameter Action.'),
  result: (operation, output, requestId) =>
    xml(writeEc2Result(operation, output, requestId, xmlNamespace), requestId),
  error: (error, requestId) => xml(writeEc2Error(error, requestId), requestId),
})

const unknownAction = (name: string) =>
  new ServiceError('InvalidAction', `The action ${name} is not valid for this web service.`)

const xml = (body: string, requestId: string) => ({
  headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
  body,
})

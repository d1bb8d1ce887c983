import { ServiceError } from '../service.ts'

/** An id that means nothing, in EC2's words: `The vpc ID 'vpc-1' does not exist`. */
const unknown = (code: string, noun: string) => (id: string) =>
  new ServiceError(`${code}.NotFound`, `The ${noun} '${id}' does not exist`)

export const noVpc = unknown('InvalidVpcID', 'vpc ID')
export const noSubnet = unknown('InvalidSubnetID', 'subnet ID')
export const noRouteTable = unknown('InvalidRouteTableID', 'routeTable ID')
export const noInternetGateway = unknown('InvalidInternetGatewayID', 'internetGateway ID')
export const noNatGateway = unknown('InvalidNatGatewayID', 'natGateway ID')
export const noGroup = unknown('InvalidGroup', 'security group')
export const noInstance = unknown('InvalidInstanceID', 'instance ID')
export const noAllocation = unknown('InvalidAllocationID', 'allocation ID')
export const noLaunchTemplate = unknown('InvalidLaunchTemplateId', 'launch template ID')
export const noResource = unknown('InvalidID', 'ID')

export const missingParameter = (name: string) =>
  new ServiceError('MissingParameter', `The request must contain the parameter ${name}`)

export const invalidParameter = (message: string) => new ServiceError('InvalidParameterValue', message)

export const dependencyViolation = (id: string) =>
  new ServiceError('DependencyViolation', `resource ${id} has a dependent object`)

export const noDefaultVpc = () => new ServiceError('VPCIdNotSpecified', 'No default VPC for this user')

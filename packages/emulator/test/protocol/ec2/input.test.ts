import { AuthorizeSecurityGroupIngress$, CreateTags$, DescribeVpcs$ } from '@aws-sdk/client-ec2'
import { expect, test } from 'vitest'
import { writeEc2Error, writeEc2Result } from '../../../src/protocol/ec2/output.ts'
import { asTree, readForm } from '../../../src/protocol/query/form.ts'
import { ec2Names, readInput } from '../../../src/protocol/query/input.ts'
import { operationOf } from '../../../src/protocol/schema.ts'

const read = (schema: unknown, form: string) =>
  readInput(operationOf(schema).input, asTree(readForm(Buffer.from(form))), ec2Names)

test('lists are flat, and names are EC2’s own', () => {
  expect(
    read(DescribeVpcs$, 'Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.1.Value.2=vpc-2&VpcId.1=vpc-3'),
  ).toEqual({
    Filters: [{ Name: 'vpc-id', Values: ['vpc-1', 'vpc-2'] }],
    VpcIds: ['vpc-3'],
  })
  expect(
    read(
      AuthorizeSecurityGroupIngress$,
      'IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80&IpPermissions.1.Groups.1.GroupId=sg-1',
    ),
  ).toEqual({
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, UserIdGroupPairs: [{ GroupId: 'sg-1' }] }],
  })
  expect(read(CreateTags$, 'ResourceId.1=vpc-1&Tag.1.Key=a&Tag.1.Value=')).toEqual({
    Resources: ['vpc-1'],
    Tags: [{ Key: 'a', Value: '' }],
  })
})

test('a parameter that the action does not know is refused by its name', () => {
  expect(() => read(DescribeVpcs$, 'Filters.1.Name=vpc-id')).toThrow('Unknown parameter: Filters')
})

test('an answer has no result element, items instead of members, and its id in itself', () => {
  const output = { Vpcs: [{ VpcId: 'vpc-1', IsDefault: true, Tags: [{ Key: 'a', Value: '<b>' }] }] }
  const xml = writeEc2Result(
    operationOf(DescribeVpcs$),
    output,
    'id-1',
    'http://ec2.amazonaws.com/doc/2016-11-15/',
  )
  expect(xml).toContain('<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">')
  expect(xml).toContain('<requestId>id-1</requestId>')
  expect(xml).toContain('<vpcSet><item>')
  expect(xml).toContain('<isDefault>true</isDefault>')
  expect(xml).toContain('<tagSet><item><key>a</key><value>&lt;b&gt;</value></item></tagSet>')
})

test('an action without an answer says true', () => {
  expect(writeEc2Result(operationOf(CreateTags$), {}, 'id-1', 'ns')).toContain('<return>true</return>')
})

test('an error is a list of one, and keys that are not accepted have EC2’s own name', () => {
  expect(writeEc2Error({ code: 'InvalidVpcID.NotFound', message: 'no' }, 'id-1')).toContain(
    '<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>no</Message></Error></Errors><RequestID>id-1</RequestID></Response>',
  )
  expect(writeEc2Error({ code: 'SignatureDoesNotMatch', message: 'no' }, 'id-1')).toContain(
    '<Code>AuthFailure</Code>',
  )
})

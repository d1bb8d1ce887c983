import * as z from 'zod'
import { variableNameRule } from './variable-name.ts'

const path = z
  .string()
  .min(1)
  .refine((value) => !value.includes('\0'), 'a path holds no NUL')

const instances = z.int().min(1).max(10_000)

const subnets = z
  .array(z.string().regex(/^subnet-[0-9a-f]+$/, 'is no subnet, such as "subnet-0a1b2c3d"'))
  .min(1)

const roleName = z
  .string()
  .regex(/^(arn:[\w-]+:iam::\d{12}:[\w-]+\/)?[\w+=,.@/-]{1,128}$/, 'is neither a name nor an ARN of IAM')

const certificate = z
  .string()
  .regex(
    /^arn:[\w-]+:(acm:[\w-]+:\d{12}:certificate\/[\w-]+|iam::\d{12}:server-certificate\/[\w+=,.@/-]+)$/,
    'is no certificate, such as "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-…"',
  )

const environment = z
  .strictObject({
    name: z
      .string()
      .optional()
      .describe(
        "Name of the Beanstalk environment; without it the application's name and this key, joined by a hyphen.",
      ),
    region: z.string().min(1).optional().describe('AWS region, such as eu-central-1.'),
    type: z
      .enum(['single', 'load-balanced'])
      .optional()
      .describe('One instance, or a load balancer before several. Without it: single.'),
    instanceType: z.string().min(1).optional().describe('EC2 instance type, such as t3.micro.'),
    minInstances: instances
      .optional()
      .describe(
        'Fewest instances behind the load balancer. Without it: 2, so that one serves while the other is changed.',
      ),
    maxInstances: instances.optional().describe('Most instances behind the load balancer. Without it: 4.'),
    healthCheck: z
      .string()
      .startsWith('/', 'starts with a slash, such as "/health"')
      .optional()
      .describe('Path that answers 2xx or 3xx when the application is well. Without it: /.'),
    vpc: z
      .string()
      .regex(/^vpc-[0-9a-f]+$/, 'is no VPC, such as "vpc-0a1b2c3d"')
      .optional()
      .describe('VPC of a new environment; goes with "subnets". Without it: the default VPC.'),
    subnets: subnets.optional().describe('Subnets of that VPC in which the instances run.'),
    elbSubnets: subnets
      .optional()
      .describe(
        'Public subnets of that VPC, in two zones at least, for the load balancer. Without it: those of "subnets".',
      ),
    certificate: certificate
      .optional()
      .describe(
        "ARN of a certificate (ACM, in the environment's region) with which the load balancer answers HTTPS on port 443; port 80 stays. Without it: no HTTPS.",
      ),
    instanceProfile: roleName
      .optional()
      .describe(
        'Instance profile that is there already, by name or ARN; lucree makes or changes none then. Without it: aws-elasticbeanstalk-ec2-role, made when it is missing.',
      ),
    serviceRole: roleName
      .optional()
      .describe(
        'Service role that is there already, by name or ARN; lucree makes or changes none then. Without it: aws-elasticbeanstalk-service-role, made when it is missing.',
      ),
    managedUpdates: z
      .string()
      .regex(
        /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d$/,
        'is no weekly time, such as "Sun:03:00"',
      )
      .optional()
      .describe(
        'Day and time (UTC) at which Beanstalk updates the platform of a new environment each week, such as Sun:03:00. Without it: never.',
      ),
  })
  .superRefine(({ type, vpc, subnets, elbSubnets, certificate: arn }, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message })
    if (vpc !== undefined && subnets === undefined) refuse('vpc', 'needs "subnets" beside it')
    if (vpc === undefined && subnets !== undefined) refuse('subnets', 'needs "vpc" beside it')
    if (vpc === undefined && elbSubnets !== undefined)
      refuse('elbSubnets', 'needs "vpc" and "subnets" beside it')
    if (type !== 'load-balanced' && elbSubnets !== undefined)
      refuse('elbSubnets', 'is for "type": "load-balanced" alone')
    if (type !== 'load-balanced' && arn !== undefined)
      refuse(
        'certificate',
        'needs "type": "load-balanced": a certificate of ACM stays in a load balancer and can\'t be put on an instance',
      )
  })
  .describe('One Beanstalk environment.')

const variable = z
  .strictObject({
    secret: z
      .boolean()
      .optional()
      .describe('The value is never printed, and warned about when it is typed on the command line.'),
    required: z
      .boolean()
      .optional()
      .describe('A deploy stops before it touches anything while the environment lacks it.'),
  })
  .describe('What the application needs to know of one environment variable. Never its value.')

/** `lucree.json`, DESIGN.md §4. Every key is optional. */
export const projectSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Where editors find this schema.'),
    application: z
      .string()
      .min(1)
      .max(100)
      .refine((name) => !name.includes('/'), 'an application name holds no slash')
      .optional()
      .describe('Name of the Beanstalk application, 1 to 100 characters.'),
    source: path
      .optional()
      .describe('Directory that holds the Dockerfile, relative to this file. Without it: this directory.'),
    build: z
      .string()
      .min(1)
      .optional()
      .describe('Command that a shell runs in the directory of this file before the source is bundled.'),
    include: z
      .array(path)
      .optional()
      .describe(
        'Further files or directories, relative to this file, that go into the bundle. An .env file goes into it only when it is named here itself.',
      ),
    region: z.string().min(1).optional().describe('AWS region of every environment that names none.'),
    env: z
      .record(
        z
          .string()
          .regex(variableNameRule, 'is not a name that Beanstalk accepts for an environment property'),
        variable,
      )
      .optional()
      .describe('Environment variables of the application, by name.'),
    environments: z
      .record(z.string().min(1), environment)
      .optional()
      .describe(
        'Beanstalk environments, by a short name for -e/--environment. Where some are listed, no other is made. Without it: one, <application>-production.',
      ),
  })
  .describe('Project file of lucree.')

export type ProjectSettings = z.infer<typeof projectSchema>
export type EnvironmentSettings = z.infer<typeof environment>

/** The JSON Schema that ships as schema.json, so that editors complete lucree.json. */
export function projectJsonSchema(): Record<string, unknown> {
  return { title: 'lucree.json', ...z.toJSONSchema(projectSchema, { target: 'draft-7', io: 'input' }) }
}

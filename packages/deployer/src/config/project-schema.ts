import * as z from 'zod'
import { variableNameRule } from './variable-name.ts'

const path = z
  .string()
  .min(1)
  .refine((value) => !value.includes('\0'), 'a path holds no NUL')

const instances = z.int().min(1).max(10_000)

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
    minInstances: instances.optional().describe('Fewest instances behind the load balancer. Without it: 1.'),
    maxInstances: instances.optional().describe('Most instances behind the load balancer. Without it: 4.'),
    healthCheck: z
      .string()
      .startsWith('/', 'starts with a slash, such as "/health"')
      .optional()
      .describe('Path that answers 2xx or 3xx when the application is well. Without it: /.'),
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
        'Further files or directories, relative to this file, that go into the bundle; also .env files that are wanted in it.',
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
      .describe('Beanstalk environments, by a short name for -e/--environment.'),
  })
  .describe('Project file of lucree.')

export type ProjectSettings = z.infer<typeof projectSchema>
export type EnvironmentSettings = z.infer<typeof environment>

/** The JSON Schema that ships as schema.json, so that editors complete lucree.json. */
export function projectJsonSchema(): Record<string, unknown> {
  return { title: 'lucree.json', ...z.toJSONSchema(projectSchema, { target: 'draft-7', io: 'input' }) }
}

import * as z from 'zod'
import { resourceNames } from '../resources/kinds.ts'

const when = z.iso.datetime()
const tag = z.object({ key: z.string(), value: z.string() })

/** An option as it was set: what the console shows as a setting. */
export const settingSchema = z.object({ namespace: z.string(), name: z.string(), value: z.string() })

const versionSchema = z.object({
  label: z.string(),
  description: z.string().optional(),
  /** Absent for the sample application. */
  source: z.object({ bucket: z.string(), key: z.string() }).optional(),
  process: z.boolean(),
  status: z.enum(['UNPROCESSED', 'PROCESSED', 'FAILED']),
  createdAt: when,
  updatedAt: when,
  tags: z.array(tag),
})

/** As it was given: nothing but the rules' effects is ours. */
const lifecycleRule = z.object({
  Enabled: z.boolean(),
  MaxCount: z.number().optional(),
  MaxAgeInDays: z.number().optional(),
  DeleteSourceFromS3: z.boolean().optional(),
})

const lifecycleSchema = z.object({
  ServiceRole: z.string().optional(),
  VersionLifecycleConfig: z
    .object({ MaxCountRule: lifecycleRule.optional(), MaxAgeRule: lifecycleRule.optional() })
    .optional(),
})

/** Settings that were saved under a name: what environments are launched with again. */
const templateSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  platformVersion: z.string(),
  settings: z.array(settingSchema),
  createdAt: when,
  updatedAt: when,
})

export const applicationSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  createdAt: when,
  updatedAt: when,
  tags: z.array(tag),
  lifecycle: lifecycleSchema.optional(),
  /** Set while its environments are terminated before it goes. */
  deleting: z.boolean().optional(),
  versions: z.array(versionSchema),
  templates: z.array(templateSchema).default([]),
})

const imageSchema = z.object({ ref: z.string(), exposedPorts: z.array(z.number()) })
const containerSchema = z.object({ id: z.string(), host: z.string(), hostPort: z.number() })

/** How the container was started, so that it can be started again as it was. */
const launchSchema = z.object({
  /** The runtime that built the image: no other one can start it. */
  runtime: z.enum(['docker', 'process']),
  image: imageSchema,
  port: z.number(),
  entrypoint: z.string().optional(),
  command: z.string().optional(),
  volumes: z.array(z.object({ hostDirectory: z.string(), containerDirectory: z.string() })),
  /** The environment properties that it got. */
  env: z.record(z.string(), z.string()),
  /** Absolute path of the file that gets what the application prints. */
  outputFile: z.string(),
  /** The limits of the instance's nginx, as the bundle sets them; absent: the platform's. */
  proxy: z
    .object({
      maxBodyBytes: z.number(),
      connectTimeoutMs: z.number(),
      sendTimeoutMs: z.number(),
      readTimeoutMs: z.number(),
    })
    .optional(),
})

export const instanceSchema = z.object({
  id: z.string(),
  launchedAt: when,
  zone: z.string(),
  type: z.string(),
  /** The front sends it requests. */
  inService: z.boolean(),
  /** What the last command left behind; `failed` may still serve what ran before. */
  deployment: z
    .object({
      label: z.string(),
      id: z.number(),
      status: z.enum(['deployed', 'pending', 'failed']),
      at: when,
    })
    .optional(),
  /** The last command failed, or wasn't answered in time. */
  commandFailed: z.boolean(),
  /** It has no way to Beanstalk: it runs, and nobody hears of it. */
  silent: z.boolean().optional(),
  /** Request id of the update under way that launched it: until that is done it may have to go again. */
  launchedBy: z.string().optional(),
  container: containerSchema.optional(),
  launch: launchSchema.optional(),
})

const healthSchema = z.object({
  status: z.enum([
    'NoData',
    'Unknown',
    'Pending',
    'Ok',
    'Info',
    'Warning',
    'Degraded',
    'Severe',
    'Suspended',
  ]),
  causes: z.array(z.string()),
  refreshedAt: when,
})

/** Both environments' addresses as they are to be: carrying it out twice changes nothing. */
const addressSchema = z.object({ environmentId: z.string(), port: z.number(), cnamePrefix: z.string() })

const operationSchema = z.object({
  kind: z.enum(['create', 'update', 'restart', 'terminate', 'tags', 'rebuild', 'swap']),
  requestId: z.string(),
  startedAt: when,
  /** Absent when the operation leaves the version alone. */
  versionLabel: z.string().optional(),
  /** All settings as they are to be; absent when the operation leaves them alone. */
  settings: z.array(settingSchema).optional(),
  platformVersion: z.string().optional(),
  /** Number of the deployment that this operation makes. */
  deploymentId: z.number().optional(),
  /** While traffic is split: the share of requests that the instances get which this operation launched. */
  newVersionPercent: z.number().optional(),
  /** Of an update that has done its work and not ended yet: what the environment was before, and whether its instances were exchanged. */
  former: z
    .object({
      settings: z.array(settingSchema),
      versionLabel: z.string(),
      platformVersion: z.string(),
      deploymentId: z.number(),
      exchanged: z.boolean(),
    })
    .optional(),
  /** Request id of the call that asks to stop the update and to lead back what it changed. */
  abortedBy: z.string().optional(),
  /** Of a swap, with the environment that carries it out; the other one only waits. */
  addresses: z.tuple([addressSchema, addressSchema]).optional(),
})

const resourcesSchema = z.object({
  securityGroup: z.string(),
  address: z.string(),
  suffix: z.string(),
  balancer: z.string(),
  /** What of the environment's stack is made by now; absent in environments of an older emulator, which have all of it. */
  made: z.array(z.enum(resourceNames)).optional(),
  /** Launches of instances that came to nothing, oldest first; the last few. */
  failedLaunches: z.array(z.object({ at: when, message: z.string() })).optional(),
})

export const environmentSchema = z.object({
  id: z.string(),
  name: z.string(),
  application: z.string(),
  description: z.string().optional(),
  tier: z.object({ name: z.string(), type: z.string(), version: z.string() }),
  cnamePrefix: z.string(),
  /** Port of the front on 127.0.0.1. */
  port: z.number(),
  platformVersion: z.string(),
  /** Of the last successful deployment; of the first one until there is a successful one. */
  versionLabel: z.string(),
  /** Of the last successful deployment. */
  deploymentId: z.number(),
  /** Of the last deployment that was tried. */
  lastDeployment: z.number(),
  status: z.enum(['Launching', 'Updating', 'Aborting', 'Ready', 'Terminating', 'Terminated']),
  settings: z.array(settingSchema),
  tags: z.array(tag),
  createdAt: when,
  updatedAt: when,
  terminatedAt: when.optional(),
  health: healthSchema.optional(),
  instances: z.array(instanceSchema),
  resources: resourcesSchema,
  /** ARN of the role that operations from elsewhere are carried out with. */
  operationsRole: z.string().optional(),
  operation: operationSchema.optional(),
  /** How the last operation that touched instances ended: what health's causes tell. */
  lastOperation: z
    .object({ noun: z.string(), outcome: z.enum(['completed', 'failed']), at: when, seconds: z.number() })
    .optional(),
  /** Logs that were asked for and delivered to S3, newest last. */
  logs: z.array(
    z.object({ type: z.enum(['tail', 'bundle']), instance: z.string(), key: z.string(), at: when }),
  ),
})

export const eventSchema = z.object({
  seq: z.number(),
  at: when,
  severity: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']),
  message: z.string(),
  application: z.string().optional(),
  version: z.string().optional(),
  environment: z.object({ id: z.string(), name: z.string() }).optional(),
  requestId: z.string().optional(),
})

export type Setting = z.infer<typeof settingSchema>
export type Application = z.infer<typeof applicationSchema>
export type Template = z.infer<typeof templateSchema>
export type Version = z.infer<typeof versionSchema>
export type Instance = z.infer<typeof instanceSchema>
export type Launch = z.infer<typeof launchSchema>
export type Environment = z.infer<typeof environmentSchema>
export type Operation = z.infer<typeof operationSchema>
export type Health = z.infer<typeof healthSchema>
export type HealthStatus = Health['status']
export type Event = z.infer<typeof eventSchema>
export type Severity = Event['severity']
export type Tag = z.infer<typeof tag>

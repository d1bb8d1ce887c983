const DEFAULT = 8080

/** The port that PORT names, 8080 without one; undefined when it names none. Kept apart from the schema: the health check starts without that. */
export function readPort(value: string | undefined): number | undefined {
  if (value === undefined || value === '') return DEFAULT
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN
  return port <= 65_535 ? port : undefined
}

/** The port of this process's environment. */
export const ownPort = () => readPort(process.env.PORT)

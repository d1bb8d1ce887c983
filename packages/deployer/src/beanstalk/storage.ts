/** Where lucree keeps what it knows of one environment: in Beanstalk's bucket of the region and account. */
export interface Place {
  bucket: string
  application: string
  environment: string
}

/** Name of Beanstalk's storage location (facts sheet §2.6): asking for it with CreateStorageLocation would make it. */
export function storageBucket(region: string, accountId: string): string {
  return `elasticbeanstalk-${region}-${accountId}`
}

/** What the keys of lucree's own objects begin with: of one environment, or of the whole application. Ends with a slash. */
export function recordsPrefix(application: string, environment?: string): string {
  const all = `lucree/${application}/environments/`
  return environment === undefined ? all : `${all}${environment}/`
}

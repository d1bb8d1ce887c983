/** The pair that a caller proves to hold. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
}

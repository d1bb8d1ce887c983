/**
 * Tells whether a name is one for a general purpose bucket: 3 to 63 characters, lower case letters, digits, dots and hyphens,
 * letter or digit at both ends, no two dots in a row, not an IP address (S3 user guide, bucket naming rules).
 */
export const isBucketName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
  !name.includes('..') &&
  !/^\d{1,3}(\.\d{1,3}){3}$/.test(name)

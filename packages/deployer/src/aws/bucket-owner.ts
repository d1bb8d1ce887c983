/**
 * The account that must own Beanstalk's storage location, which is in the bucket's name: nobody else's bucket of that name is ever read or written
 * (facts sheet §2.6).
 */
export function bucketOwner(bucket: string): { ExpectedBucketOwner?: string } {
  const account = /^elasticbeanstalk-.+-(\d{12})$/.exec(bucket)?.[1]
  return account ? { ExpectedBucketOwner: account } : {}
}

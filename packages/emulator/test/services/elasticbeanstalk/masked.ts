/** Event texts with everything left out that is different each time. */
export function masked(messages: string[]): string[] {
  return messages.map((message) =>
    message
      .replace(/sg-[0-9a-f]{17}/, 'sg-…')
      .replace(/\b\d+\.\d+\.\d+\.\d+(:\d+)?/, '…')
      .replaceAll(/i-[0-9a-f]{17}/g, 'i-…')
      .replaceAll(/e-[a-z0-9]{10}-/g, 'e-…-')
      .replaceAll(/Group-[A-Z0-9]{12}/g, 'Group-…')
      .replaceAll(/\d+ seconds?/g, 'N seconds'),
  )
}

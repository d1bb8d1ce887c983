/** As health's causes spell how long something takes: `1 second`, `24 seconds`, `2 minutes`. */
export function spokenDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 120) return `${whole} second${whole === 1 ? '' : 's'}`
  const minutes = Math.floor(whole / 60)
  if (minutes < 120) return `${minutes} minutes`
  return `${Math.floor(minutes / 60)} hours`
}

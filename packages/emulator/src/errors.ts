/** Why a server didn't start; a program tells them apart by these. */
export type EmulatorErrorCode =
  | 'AlreadyRunning'
  | 'PortInUse'
  | 'PortNotAllowed'
  | 'StateUnreadable'
  | 'StateNotWritable'
  | 'InvalidOption'
  | 'DockerHost'
  | 'NoEngine'
  | 'OtherAccount'

/** The emulator can't be started. The message is one sentence for its user. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError'
  readonly code: EmulatorErrorCode
  constructor(code: EmulatorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

import { SetMetadata, type CustomDecorator } from '@nestjs/common'

/** Metadata key that {@link Public} sets and the guard reads. */
export const IS_PUBLIC = Symbol('lucree:public')

/** Opens a controller or one of its handlers to callers without a token. Everything else is guarded. */
export const Public = (): CustomDecorator<symbol> => SetMetadata(IS_PUBLIC, true)

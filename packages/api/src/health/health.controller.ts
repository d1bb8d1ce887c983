import { Controller, Get, Header, Inject } from '@nestjs/common'
import { Public } from '../auth/public.decorator.ts'
import { type Release } from '../config/config.ts'

/** Injection token of the {@link Release} that is reported. */
export const RELEASE = Symbol('lucree:release')

/** Answer of `GET /health`: what runs, and nothing of what guards it. */
export interface Health extends Release {
  status: 'ok'
}

@Public()
@Controller('health')
export class HealthController {
  constructor(@Inject(RELEASE) private readonly release: Release) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  report(): Health {
    return { status: 'ok', ...this.release }
  }
}

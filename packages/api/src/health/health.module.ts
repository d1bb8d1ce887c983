import { Module, type DynamicModule } from '@nestjs/common'
import { type Release } from '../config/config.ts'
import { HealthController, RELEASE } from './health.controller.ts'

/** `GET /health`, for load balancers and for people. */
@Module({})
export class HealthModule {
  static reporting(release: Release): DynamicModule {
    return {
      module: HealthModule,
      controllers: [HealthController],
      providers: [{ provide: RELEASE, useValue: release }],
    }
  }
}

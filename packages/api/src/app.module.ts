import { Module, type DynamicModule } from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { AuthModule } from './auth/auth.module.ts'
import { type Config } from './config/config.ts'
import { GreetingController } from './greeting/greeting.controller.ts'
import { HealthModule } from './health/health.module.ts'
import { TextExceptionFilter } from './http/text-exception.filter.ts'

/** The whole application: the greeting behind the token, and the health report in front of it. */
@Module({})
export class AppModule {
  static for(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [AuthModule.accepting(config.tokens), HealthModule.reporting(config.release)],
      controllers: [GreetingController],
      providers: [{ provide: APP_FILTER, useClass: TextExceptionFilter }],
    }
  }
}

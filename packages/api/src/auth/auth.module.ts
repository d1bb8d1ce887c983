import { Module, type DynamicModule } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { AcceptedTokens } from './accepted-tokens.ts'
import { GuessLimiter } from './guess-limiter.ts'
import { TokenGuard } from './token.guard.ts'

/** Guards every handler of the application that isn't `@Public()`. */
@Module({})
export class AuthModule {
  static accepting(tokens: AcceptedTokens): DynamicModule {
    return {
      module: AuthModule,
      providers: [
        { provide: AcceptedTokens, useValue: tokens },
        GuessLimiter,
        { provide: APP_GUARD, useClass: TokenGuard },
      ],
    }
  }
}

import { Controller, Get, Header } from '@nestjs/common'

/** What the challenge's application answers. */
@Controller()
export class GreetingController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  greet(): string {
    return 'devops test server flying!!'
  }
}

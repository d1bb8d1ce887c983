import { Router } from 'express'

/** Notes in memory: POST one, GET all. */
export function notes() {
  const router = Router()
  const kept = []
  router.get('/', (request, response) => response.json(kept))
  router.post('/', (request, response) => {
    if (typeof request.body?.text !== 'string') return response.status(400).json({ error: 'text is missing' })
    kept.push({ id: kept.length + 1, text: request.body.text })
    return response.status(201).json(kept.at(-1))
  })
  return router
}

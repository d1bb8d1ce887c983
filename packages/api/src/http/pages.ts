/** Media type of every text that is answered. */
export const HTML = 'text/html; charset=utf-8'

const page = (status: number, title: string, text: string) =>
  `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n`

/** The challenge's application answers these, byte for byte; they are Werkzeug 3's. */
export const NOT_FOUND = page(
  404,
  'Not Found',
  'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
)
export const METHOD_NOT_ALLOWED = page(
  405,
  'Method Not Allowed',
  'The method is not allowed for the requested URL.',
)

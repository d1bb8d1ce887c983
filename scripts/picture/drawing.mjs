import xterm from '@xterm/headless'

const [CELL, LINE, SIZE, MARGIN] = [8.4, 20, 14, 20]
const INK = '#d8dee9'
/** The sixteen colours of a terminal, on a dark ground. */
const PALETTE = ['#3b4252', '#f07178', '#a3d977', '#f0c674', '#7aa2f7', '#c792ea', '#7fd1de', INK]

/**
 * The screen that a recording ends with, as an SVG: its command behind a prompt, then all lines that the terminal holds, in their colours.
 * @param {import('./recording.mjs').Recording} recording
 */
export async function draw(recording) {
  const lines = [promptLine(recording), ...(await finalLines(recording))]
  const width = Math.ceil(recording.width * CELL + 2 * MARGIN)
  const height = lines.length * LINE + 2 * MARGIN
  const text = lines.flatMap((runs, index) =>
    runs
      .filter(({ text: cells }) => cells.trim() !== '')
      .map((run) => element(run, MARGIN + (index + 1) * LINE - LINE / 4)),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(recording.command)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1d2330"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}" fill="${INK}" xml:space="preserve">`,
    ...text,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

/** What a recording leaves on the screen, as plain lines. */
export async function finalText(recording) {
  return (await finalLines(recording)).map((runs) => runs.map(({ text }) => text).join(''))
}

async function finalLines({ width, height, output }) {
  const terminal = new xterm.Terminal({ cols: width, rows: height, scrollback: 1000, allowProposedApi: true })
  await new Promise((done) => terminal.write(output.map(({ text }) => text).join(''), done))
  const buffer = terminal.buffer.active
  const lines = Array.from({ length: buffer.length }, (_, row) => runsOf(buffer.getLine(row), width))
  while (lines.at(-1)?.length === 0) lines.pop()
  return lines
}

/** Neighbouring cells of one look as one piece; blanks at the end are none. */
function runsOf(line, width) {
  const runs = []
  const end = line.translateToString(true).length
  for (let column = 0; column < Math.min(end, width); column++) {
    const cell = line.getCell(column)
    const look = { color: colorOf(cell), bold: cell.isBold() !== 0, dim: cell.isDim() !== 0 }
    const last = runs.at(-1)
    const text = cell.getChars() || ' '
    if (last && last.color === look.color && last.bold === look.bold && last.dim === look.dim)
      last.text += text
    else runs.push({ ...look, text, column })
  }
  return runs
}

const colorOf = (cell) => (cell.isFgPalette() ? (PALETTE[cell.getFgColor() % 8] ?? INK) : INK)

function promptLine({ command }) {
  return [
    { text: '$', column: 0, color: PALETTE[2], bold: false, dim: false },
    { text: command, column: 2, color: INK, bold: true, dim: false },
  ]
}

function element({ text, column, color, bold, dim }, y) {
  const style = `${color === INK ? '' : ` fill="${color}"`}${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}`
  const x = (MARGIN + column * CELL).toFixed(1)
  return `<text x="${x}" y="${y}" textLength="${(text.length * CELL).toFixed(1)}"${style}>${escaped(text)}</text>`
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

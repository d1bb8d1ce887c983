export const routes = { '/': 'index.js', '/report': 'report.js' }

export default (request, response) => response.end('index\n')

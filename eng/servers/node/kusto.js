// Parses queries and binds them to a schema of tables, with Kusto's own language service, on 127.0.0.1.
// POST {"tables": {name: {column: type}}, "queries": [text]} answers [{"faults": ["line: message"], "columns": [name]}], the columns being those of a query's result.
const http = require('http');
const path = require('path');

const service = path.dirname(require.resolve('@kusto/language-service-next/package.json'));
require(path.join(service, 'bridge.min.js'));
require(path.join(service, 'Kusto.Language.Bridge.min.js'));
const { KustoCode, GlobalState, Symbols } = Kusto.Language;

const list = sequence => Bridge.toArray(sequence);

function check({ tables, queries }) {
  const symbols = Object.entries(tables).map(([name, columns]) =>
    new Symbols.TableSymbol.$ctor7(name, '(' + Object.entries(columns).map(([column, type]) => `${column}: ${type}`).join(', ') + ')', null));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1('workspace', symbols));
  return queries.map(text => {
    const code = KustoCode.ParseAndAnalyze(text, globals);
    return {
      faults: list(code.GetDiagnostics()).map(d => `${text.slice(0, d.Start).split('\n').length}: ${d.Message}`),
      columns: code.ResultType && code.ResultType.Columns ? list(code.ResultType.Columns).map(c => c.Name) : [],
    };
  });
}

http.createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    try {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(check(JSON.parse(Buffer.concat(parts)))));
    } catch (fault) {
      response.statusCode = 400;
      response.end(JSON.stringify(String(fault)));
    }
  });
}).listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));

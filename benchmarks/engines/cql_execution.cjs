// The same rules and charts in cql-execution: reads them on standard input as other_python.py does, writes the same.
// Run where the package is installed. A missing fact is null, and CQL's logic is three-valued as ours.
const { createRequire } = require('node:module')
const path = require('node:path')

const from = createRequire(path.join(process.cwd(), 'index.js'))
const { Library, Executor, PatientSource } = from('cql-execution')
const { version } = from('cql-execution/package.json')

const fact = (name) => ({ type: 'Property', path: name, source: { type: 'ExpressionRef', name: 'Patient' } })
const literal = (value, type) => ({ type: 'Literal', valueType: `{urn:hl7-org:elm-types:r1}${type}`, value: String(value) })
const compared = { '<': 'Less', '<=': 'LessOrEqual', '>': 'Greater', '>=': 'GreaterOrEqual' }

function elm([kind, ...rest]) {
  if (kind === 'is') return fact(rest[0])
  if (kind === 'not') return { type: 'Not', operand: elm(rest[0]) }
  if (kind === 'all' || kind === 'any') {
    const type = kind === 'all' ? 'And' : 'Or'
    return rest.map(elm).reduce((left, right) => ({ type, operand: [left, right] }))
  }
  if (kind === 'in') {
    const equals = rest[1].map((word) => ({ type: 'Equal', operand: [fact(rest[0]), literal(word, 'String')] }))
    return equals.reduce((left, right) => ({ type: 'Or', operand: [left, right] }))
  }
  return { type: compared[kind], operand: [fact(rest[0]), literal(rest[1], 'Decimal')] }
}

function library(rules) {
  const patient = {
    name: 'Patient',
    context: 'Patient',
    expression: {
      type: 'SingletonFrom',
      operand: { type: 'Retrieve', dataType: '{https://github.com/cqframework/cql-execution/simple}Patient' },
    },
  }
  const defined = rules.map((tree, number) => ({ name: `R${number}`, context: 'Patient', expression: elm(tree) }))
  return new Library({
    library: {
      identifier: { id: 'Rules', version: '1' },
      schemaIdentifier: { id: 'urn:hl7-org:elm', version: 'r1' },
      usings: { def: [{ localIdentifier: 'Simple', uri: 'https://github.com/cqframework/cql-execution/simple' }] },
      statements: { def: [patient, ...defined] },
    },
  })
}

async function main() {
  let text = ''
  for await (const part of process.stdin) text += part
  const { rules, charts, runs } = JSON.parse(text)
  const executor = new Executor(library(rules))
  const people = charts.map((chart, number) => ({ id: String(number), recordType: 'Patient', ...chart }))
  const work = () => executor.exec(new PatientSource([...people]))
  const { patientResults } = await work()
  const answers = people.map((one) => rules.map((_, number) => patientResults[one.id][`R${number}`]))
  const seconds = []
  for (let run = 0; run < runs; run += 1) {
    const start = process.hrtime.bigint()
    await work()
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9)
  }
  process.stdout.write(JSON.stringify({ [`cql-execution ${version}`]: { answers, seconds } }))
}

main()

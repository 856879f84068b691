import { testReadmeExamples } from '../../../tests/support/readme-examples.ts'

testReadmeExamples(new URL('../README.md', import.meta.url))

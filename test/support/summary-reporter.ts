import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

type Tests = { passed: TestCase[]; failed: TestCase[]; skipped: TestCase[] };

function sortByState(modules: readonly TestModule[]): Tests {
  const tests: Tests = { passed: [], failed: [], skipped: [] };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state !== 'pending') tests[state].push(test);
    }
  }
  return tests;
}

// A file that cannot be loaded, a hook that throws and an unhandled rejection have no test to fail.
function countOtherFailures(modules: readonly TestModule[], errors: number): number {
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return errors + suites.filter((suite) => suite.errors().length > 0).length;
}

/** Ends the run's output with the names of the skipped tests and one line of counts. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const { passed, failed, skipped } = sortByState(modules);
    const failures = failed.length + countOtherFailures(modules, errors.length);
    for (const test of skipped)
      console.log(`skipped: ${test.module.relativeModuleId}: ${test.fullName}`);
    console.log(`${passed.length} passed, ${failures} failed, ${skipped.length} skipped`);
  }
}

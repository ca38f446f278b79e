"""What a command's tests expect of its runs; what does not hold is told together at the end."""

wrong = []


def expect(what, run, code, *texts):
    """A run's exit status, and texts that it has printed on either channel."""
    if run.returncode != code or not all(t in run.stdout + run.stderr for t in texts):
        wrong.append(f"{what}: {run.returncode}\n{run.stdout}{run.stderr}")


def conclude(name):
    """Prints all that did not hold. Returns the test's exit status."""
    print("\n".join(wrong + [f"{name}: {len(wrong)} wrong"]))
    return 1 if wrong else 0

"""How long a researcher waits: a session in a Jupyter kernel, from its start to the first table, figure and own indicator.

    python -m benchmarks.session              # on the edition of NLIB_HOME, or of the checkout

Seconds since the kernel was asked for, and the seconds of the kernel's processor that the step took.
"""

import os
import time

import jupyter_client

STEPS = {
    "import nlib": "import nlib",
    "the first table": "nlib.table('commuting').query(\"komm_nr == '3222'\")",
    "the first figure": "chart = nlib.view('Lørenskog').figure('pendling.trend')\ndisplay(chart)",
    "a figure to publish": "chart.figure().savefig('/dev/null', format='svg')",
    "an own indicator": """
from nlib.methods.composite import score, totals
values = nlib.sql('''
    select komm_nr, year, 'coverage' as indicator, 'arbeid' as area, coverage_pct as value from commuting where comparable
    union all select komm_nr, year, 'growth', 'folk', 100 * growth / population from population where comparable
''')
index = totals(score(values), enough=2).query("area == 'samlet'").dropna(subset="score")
display(nlib.compare(index, "score", "Lørenskog"))
""",
}


def main():
    asked = time.perf_counter()
    manager, client = jupyter_client.manager.start_new_kernel(
        kernel_name="python3", startup_timeout=300, extra_arguments=["--IPKernelApp.log_level=50"], env=dict(os.environ)
    )
    print(f"{'the kernel':<22}{time.perf_counter() - asked:6.1f}")
    try:
        for step, code in STEPS.items():
            printed = []
            timed = f"import time as _time\n_began = _time.process_time()\n{code}\nprint('took', _time.process_time() - _began)"
            told = client.execute_interactive(timed, timeout=600, output_hook=printed.append)["content"]
            if told["status"] != "ok":
                raise SystemExit(f"{step}: {told['evalue']}")
            took = "".join(message["content"].get("text", "") for message in printed).rpartition("took ")[2]
            print(f"{step:<22}{time.perf_counter() - asked:6.1f}{float(took):8.2f}")
        began = time.perf_counter()
        found = client.complete('nlib.view("Lør', reply=True, timeout=300)["content"]["matches"]
        print(f"Tab: {', '.join(found)} in {time.perf_counter() - began:.2f}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main()

"""The eight benefits as variables of OpenFisca-core.

It knows no unknown: a variable that is not given has a default. So it runs on the people without nulls, where nothing is
undetermined, and gives eligible people and money. What several benefits ask (a small employer, a person in need, the age)
is a variable of its own, computed once; whole numbers are its 32-bit integers, which the drawn values fit.
"""

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

BENEFITS = "abcdefgh"
PERIOD = "2020-12"
TODAY = numpy.datetime64("2020-12-31")
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)
INPUTS = {
    "employer.size": int, "employer.kind": int, "employer.staff": int, "employer.hires": int, "employer.paid_fen": int,
    "person.graduate": bool, "person.hard": bool, "person.birth": "date", "person.level": int,
    "employment.contract": "date", "employment.months": int, "employment.insured": int, "training.days": int,
    "loan.asked_fen": int,
}


def name_of(column):
    return column.replace(".", "_")


def variable(name, kind, formula=None):
    """A variable class; `formula` takes a function that gives other variables of the same people."""
    import datetime

    members = {"value_type": datetime.date if kind == "date" else kind, "entity": Person,
               "definition_period": DateUnit.MONTH, "label": name}
    if formula:
        members["formula"] = lambda person, period: formula(lambda other: person(other, period))
    return type(name, (Variable,), members)


def full_years(born, today):
    """Full years; who is born on a day that the month of `today` lacks is a year older on its last day."""
    month_born, month_now = born.astype("M8[M]"), today.astype("M8[M]")
    last = ((month_now + 1).astype("M8[D]") - month_now.astype("M8[D]")).astype(int)
    day_born = (born - month_born.astype("M8[D]")).astype(int) + 1
    day_now = (today - month_now.astype("M8[D]")).astype(int) + 1
    months = (month_now - month_born).astype(int) - (day_now < numpy.minimum(day_born, last))
    return months // 12


SHARED = {
    "small": (bool, lambda v: numpy.isin(v("employer_size"), [2, 3, 4])),
    "needy": (bool, lambda v: v("person_hard") | v("person_graduate")),
    "years": (int, lambda v: full_years(v("person_birth"), TODAY)),
}
ELIGIBLE = {
    "a": lambda v: v("small") & v("person_graduate") & (v("employment_months") >= 12) & (v("employment_insured") >= 3)
    & (v("employment_contract") >= numpy.datetime64("2020-01-01"))
    & (v("employment_contract") <= numpy.datetime64("2020-12-31")),
    "b": lambda v: (v("employer_kind") == 1) & v("person_hard") & (v("employment_insured") >= 1),
    "c": lambda v: v("small") & (v("employer_staff") > 0) & (v("employer_hires") * 100 >= v("employer_staff") * 25),
    "d": lambda v: (v("years") >= 16) & (v("years") <= 24) & ~v("person_hard"),
    "e": lambda v: (v("person_level") <= 2) & (v("employment_months") >= 36) & (v("employment_insured") >= 6),
    "f": lambda v: v("needy") & (v("training_days") > 0),
    "g": lambda v: (v("employer_kind") <= 2) & (v("employer_staff") <= 30),
    "h": lambda v: (v("loan_asked_fen") <= 50_000_000) & (v("employment_contract") >= numpy.datetime64("2019-06-01"))
    & v("needy") & (v("employer_hires") >= 3),
}
AMOUNT = {
    "a": lambda v: v("eligible_a") * 300_000,
    "b": lambda v: v("eligible_b") * 90_500,
    "c": lambda v: v("eligible_c") * numpy.minimum(v("employer_paid_fen"), 3_000_000),
    "d": lambda v: v("eligible_d") * 150_000,
    "e": lambda v: v("eligible_e") * numpy.where(v("person_level") == 1, 3_000_000, 1_000_000),
    "f": lambda v: v("eligible_f") * v("training_days") * 5_000,
    "g": lambda v: v("eligible_g") * v("employer_paid_fen"),
    "h": lambda v: v("eligible_h") * 0,
}
COMPUTED = [*SHARED, *(f"eligible_{one}" for one in BENEFITS), *(f"amount_{one}" for one in BENEFITS)]


def system():
    result = TaxBenefitSystem([Person])
    result.add_variables(
        *(variable(name_of(column), kind) for column, kind in INPUTS.items()),
        *(variable(name, kind, formula) for name, (kind, formula) in SHARED.items()),
        *(variable(f"eligible_{one}", bool, formula) for one, formula in ELIGIBLE.items()),
        *(variable(f"amount_{one}", int, formula) for one, formula in AMOUNT.items()),
    )
    return result


class Simulated:
    """A simulation with its inputs set; what it computes can be forgotten."""

    def __init__(self, columns):
        for name, values in columns.items():
            if numpy.ma.is_masked(values):
                raise SystemExit(f"{name} has nulls, which OpenFisca-core does not know")
        count = len(next(iter(columns.values())))
        self.simulation = SimulationBuilder().build_default_simulation(system(), count=count)
        for column, kind in INPUTS.items():
            values = numpy.asarray(columns[column])
            values = values.astype({"date": "datetime64[D]", bool: bool, int: numpy.int32}[kind])
            self.simulation.set_input(name_of(column), PERIOD, values)

    def forget(self):
        for name in COMPUTED:
            self.simulation.delete_arrays(name)

    def totals(self):
        calculate = lambda name: self.simulation.calculate(name, PERIOD)
        return [(int(calculate(f"eligible_{one}").sum()), 0, int(calculate(f"amount_{one}").sum(dtype=numpy.int64)))
                for one in BENEFITS]


def serve(columns, pipe):
    """Answers in a process of its own."""
    simulation = Simulated(columns)
    while True:
        match pipe.recv():
            case "totals":
                pipe.send(simulation.totals())
            case "forget":
                simulation.forget()
                pipe.send(None)

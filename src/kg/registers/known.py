"""The registers that can be imported; a new one is a module with a REGISTER, and a line here."""

from kg.errors import NotFoundError
from kg.registers import algoritmeregister, bwb, data_overheid, ict_dashboard, organisaties, tooi
from kg.registers.framework import Register

REGISTERS: dict[str, Register] = {
    register.name: register
    for register in (
        algoritmeregister.REGISTER,
        bwb.REGISTER,
        data_overheid.REGISTER,
        ict_dashboard.REGISTER,
        organisaties.REGISTER,
        organisaties.WOO_INDEX,
        *tooi.REGISTERS,
    )
}


def find(name: str) -> Register:
    """The register of this name; raises NotFoundError that says which there are."""
    if name not in REGISTERS:
        raise NotFoundError(f"no register is called '{name}'. Choose from: {', '.join(sorted(REGISTERS))}.")
    return REGISTERS[name]

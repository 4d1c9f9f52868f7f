"""Messages for tests, in the layout of IHE PCD-01, built from parts."""

from datetime import UTC, datetime

SENT_AT = datetime(2026, 1, 15, 15, 5, 12, tzinfo=UTC)
MMHG, PERCENT, PER_MIN = "266016^MDC_DIM_MMHG^MDC", "262688^MDC_DIM_PERCENT^MDC", "264864^MDC_DIM_BEAT_PER_MIN^MDC"
SYS, DIA = "150021^MDC_PRESS_BLD_NONINV_SYS^MDC", "150022^MDC_PRESS_BLD_NONINV_DIA^MDC"
SPO2, PULSE = "150456^MDC_PULS_OXIM_SAT_O2^MDC", "149530^MDC_PULS_OXIM_PULS_RATE^MDC"
STAMP = "20260115100512-0500"


def obx(code=SPO2, value="97", unit=PERCENT, *, at=STAMP, row="", channel="1.2.1.2", status="R", device=""):
    return f"OBX|{row}|NM|{code}|{channel}|{value}|{unit}|||||{status}|||{at}||||{device}"


def oru(*rows, mrn="MRN123", chair="CHAIR2", control_id="MSG1", sent=STAMP, processing="P", kind="ORU^R01^ORU_R01",
        facility="", charset="", obr="20260115100500-0500", extra=()):  # fmt: skip
    lines = [
        f"MSH|^~\\&|MON^0012210000000001^EUI-64|WARD|KETREG|{facility}|{sent}||{kind}|{control_id}|{processing}|2.6"
        f"||||||{charset}",
        f"PID|||{mrn}^^^CLINIC^MR||DOE^JANE^^^^^L" if mrn else "PID|||",
        f"PV1||O|INF^{chair}" if chair else "PV1||O",
        f"OBR|1||MSG00042^MON|182777000^monitoring of patient^SCT|||{obr}",
        "OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X",
        *rows,
        *extra,
    ]
    return ("\r".join(lines) + "\r").encode()


def pressure(systolic="141", diastolic="86", *, at="20260115100458-0500", unit=MMHG):
    return (
        obx(SYS, systolic, unit, at=at, channel="1.1.1.1"),
        obx(DIA, diastolic, unit, at=at, channel="1.1.1.2"),
    )

"""ORU^R01 as monitors really send it: what is charted, what is left out and why."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oru_messages import DIA, MMHG, PER_MIN, PERCENT, PULSE, SENT_AT, SYS, obx, oru, pressure

from reprieve.errors import InputError
from reprieve.interop.hl7v2.ack import Answer, Problem, write_ack
from reprieve.interop.hl7v2.er7 import Delimiters, escape, read_segments, unescape
from reprieve.interop.hl7v2.message import Flag, Left
from reprieve.interop.hl7v2.oru_r01 import parse_oru_r01, read_header
from reprieve.interop.hl7v2.readings import to_readings
from reprieve.interop.hl7v2.times import BadTime, read_time, write_time
from reprieve.knowledge.monitor_codes import load_monitor_codes

ZONE = ZoneInfo("America/New_York")
SESSION = UUID("9f0d9f3e-93a4-4c35-8a6f-6f8e1a1f0c11")
USUAL = Delimiters(field="|", component="^", repetition="~", escape="\\", subcomponent="&")


def parse(*rows, **parts):
    return parse_oru_r01(oru(*rows, **parts), zone=ZONE)


def reasons(message):
    return [row.reason for row in message.left if row.reason is not Left.STRUCTURE]


def readings(message):
    return to_readings(message, session_id=SESSION, received_at=SENT_AT, codes=load_monitor_codes())


def test_the_usual_message_is_read_whole():
    message = parse(*pressure(), obx(), obx(PULSE, "84", PER_MIN))
    assert (message.mrn, message.chair_code, message.control_id) == ("MRN123", "CHAIR2", "MSG1")
    assert message.sent_at == SENT_AT
    assert message.device == "0012210000000001"
    assert [(one.code, one.loinc, one.value, one.unit) for one in message.observations] == [
        ("150021", "8480-6", 141.0, "mm[Hg]"),
        ("150022", "8462-4", 86.0, "mm[Hg]"),
        ("150456", "59408-5", 97.0, "%"),
        ("149530", None, 84.0, "/min"),
    ]
    assert [row.reason for row in message.left] == [Left.STRUCTURE]
    assert not message.flags
    assert not message.is_simulated


@pytest.mark.parametrize("value", ["-1", "0", "8388607", "---", "?", "-100"])
def test_what_the_monitor_did_not_measure_is_absent_not_zero(value):
    message = parse(obx(value=value))
    assert message.observations == ()
    assert reasons(message) == [Left.ABSENT]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (obx(value=""), Left.EMPTY),
        (obx(value='""'), Left.EMPTY),
        (obx(value="101"), Left.OUT_OF_RANGE),
        (obx(value="9x"), Left.NOT_A_NUMBER),
        (obx(value="٩٧"), Left.NOT_A_NUMBER),
        (obx(unit=""), Left.UNIT_MISSING),
        (obx(unit="furlong"), Left.UNIT_UNKNOWN),
        (obx(unit=MMHG), Left.UNIT_MISMATCH),
        (obx(at="yesterday"), Left.BAD_TIME),
        (obx(code="150456"), Left.UNKNOWN_CODE),
        (obx(code="123456^SOMETHING^MDC"), Left.UNKNOWN_CODE),
        (obx(status="D"), Left.NOT_FINAL),
    ],
)
def test_a_row_that_cannot_be_used_is_left_with_its_reason(row, reason):
    message = parse(row)
    assert message.observations == ()
    assert reasons(message) == [reason]
    assert message.left[-1].is_refused == (
        reason in {Left.OUT_OF_RANGE, Left.NOT_A_NUMBER, Left.UNIT_MISSING, Left.UNIT_UNKNOWN, Left.UNIT_MISMATCH,
                   Left.BAD_TIME}
    )  # fmt: skip


@pytest.mark.parametrize(
    "code", ["2708-6^Oxygen saturation^LN", "LOCAL^sat^99X^150456^MDC_PULS_OXIM_SAT_O2^MDC", "X^^99X^59408-5^^LN",
             "150456^MDC_PULS_OXIM_SAT_O2"],
)  # fmt: skip
def test_other_spellings_of_the_code_are_understood(code):
    assert parse(obx(code=code)).observations[0].code == "150456"


@pytest.mark.parametrize("unit", ["%", "^MDC_DIM_PERCENT", "262688", PERCENT])
def test_units_come_as_mdc_or_ucum(unit):
    assert parse(obx(unit=unit)).observations[0].unit == "%"


def test_kilopascal_becomes_millimetres_of_mercury():
    message = parse(*pressure("18.8", "11.5", unit="265987^MDC_DIM_KILO_PASCAL^MDC"))
    # 18.8 kPa * 7.500616827 = 141.0 mmHg, 11.5 kPa = 86.3 mmHg
    assert [round(one.value, 1) for one in message.observations] == [141.0, 86.3]


def test_fahrenheit_becomes_celsius():
    message = parse(obx("150344^MDC_TEMP^MDC", "98.6", "[degF]"))
    assert message.observations[0].value == pytest.approx(37.0)  # 98.6 F is 37.0 C by definition


def test_time_falls_back_from_row_to_request_to_message():
    assert parse(obx(at="")).observations[0].observed_at == SENT_AT - timedelta(seconds=12)
    assert parse(obx(at="")).flags == {Flag.TIME_OF_REQUEST}
    without_request = parse(obx(at=""), obr="")
    assert without_request.observations[0].observed_at == SENT_AT
    assert without_request.flags == {Flag.TIME_OF_MESSAGE}


def test_a_time_without_offset_is_read_in_the_clinics_zone_and_flagged():
    message = parse(obx(at="20260115100512"), sent="20260115100512")
    assert message.observations[0].observed_at == SENT_AT
    assert message.flags == {Flag.NO_OFFSET}


def test_the_better_signal_of_two_channels_is_kept():
    quality = "160324^MDC_SPO2_SIGNAL_QUALITY_INDEX^MDC"
    message = parse(
        obx(value="91", channel="1.2.1.1"), obx(value="97", channel="1.3.1.1"),
        obx(quality, "20", "%", channel="1.2.1.9"), obx(quality, "88", "%", channel="1.3.1.9"),
    )  # fmt: skip
    assert [one.value for one in message.observations] == [97.0]
    assert Left.SAME_METRIC in reasons(message)


def test_without_signal_quality_the_first_of_two_is_kept():
    assert [one.value for one in parse(obx(value="97"), obx(value="91")).observations] == [97.0]


@pytest.mark.parametrize(
    ("place", "code"), [("INF^R1^B2", "B2"), ("INF", "INF"), ("^^5", "5"), ("^^&10", "10"), ("", None)]
)
def test_the_chair_is_the_bed_else_the_room_else_the_place(place, code):
    content = oru(obx()).replace(b"INF^CHAIR2", place.encode())
    assert parse_oru_r01(content, zone=ZONE).chair_code == code


def test_the_record_number_is_the_identifier_of_type_mr():
    content = oru(obx()).replace(b"MRN123^^^CLINIC^MR", b"55^^^X^VN~MRN9^^^CLINIC^MR")
    assert parse_oru_r01(content, zone=ZONE).mrn == "MRN9"
    assert parse(obx(), mrn="").mrn is None
    no_pid = b"\r".join(line for line in oru(obx()).split(b"\r") if line[:3] not in {b"PID", b"PV1"})
    assert parse_oru_r01(no_pid, zone=ZONE).mrn is None
    assert parse_oru_r01(no_pid, zone=ZONE).chair_code is None


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_other_line_ends_are_forgiven(ending):
    assert parse_oru_r01(oru(obx()).replace(b"\r", ending), zone=ZONE).observations


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "HL7-MSH"),
        (b"hello", "HL7-MSH"),
        (b"MSH|^^^^|", "HL7-MSH"),
        (b"MSH|^~\\&|" + bytes([200]) * 9, "HL7-CHARSET"),
        (oru(obx(), charset="EBCDIC"), "HL7-CHARSET"),
        (oru(obx(), kind="ADT^A01^ADT_A01"), "HL7-TYPE"),
        (oru(obx(), kind=""), "HL7-TYPE"),
        (oru(obx(), control_id=""), "HL7-CONTROL-ID"),
        (oru(obx(), sent="soon"), "HL7-TIME"),
        (oru(obx(), sent="20261315100512"), "HL7-TIME"),
        (oru(obx(), extra=("??|1",)), "HL7-SEGMENT"),
        (oru(obx(), extra=("RXA|1",)), "HL7-SEGMENT"),
        (oru(obx()).replace(b"OBR", b"ZBR"), "HL7-SEGMENT"),
        (oru(obx()).replace(b"OBX", b"ZBX"), "HL7-SEGMENT"),
        (oru(obx(), extra=("PID|||2",)), "HL7-PATIENTS"),
    ],
)
def test_what_is_no_oru_is_refused_with_one_code(content, code):
    with pytest.raises(InputError) as refusal:
        parse_oru_r01(content, zone=ZONE)
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith(".")


def test_training_messages_say_so():
    assert parse(obx(), processing="T").is_simulated
    assert parse(obx(), processing="D").is_simulated
    assert not parse(obx(), processing="").is_simulated


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_never_crashes(noise):
    with pytest.raises(InputError):
        parse_oru_r01(b"MSH|^~\\&|" + noise, zone=ZONE)


def test_our_reading_of_the_syntax_agrees_with_the_hl7_package():
    content = oru(*pressure(), obx(), extra=("NTE|1||a\\T\\b~c^d",))
    theirs = hl7.parse(content.decode())
    for ours, other in zip(read_segments(content), theirs, strict=True):
        assert [ours.field(n) for n in range(1, len(ours.fields))] == [str(field) for field in other[1:]]
    note = read_segments(content)[-1]
    assert note.repetitions(3) == [["a&b"], ["c", "d"]]


@given(st.text())
def test_escaping_comes_back(text):
    assert unescape(escape(text), USUAL) == text.replace("\r", " ").replace("\n", " ")


def test_times_without_a_point_before_the_milliseconds():
    assert read_time("20260124131539250+0800", UTC) == datetime(2026, 1, 24, 5, 15, 39, 250_000, tzinfo=UTC)
    assert read_time("20260124131539.25+0800", UTC).microsecond == 250_000
    assert read_time("202601241315Z"[:12], UTC) == datetime(2026, 1, 24, 13, 15, tzinfo=UTC)
    assert write_time(SENT_AT) == "20260115150512+0000"
    with pytest.raises(BadTime):
        read_time("20260124131539+9900", UTC)


def test_each_instant_is_one_reading_and_a_repeat_is_the_same_event():
    first = readings(parse(*pressure(), obx(), obx(PULSE, "84", PER_MIN)))
    assert [(one.systolic_mmhg, one.diastolic_mmhg, one.spo2_percent, one.heart_rate_per_min)
            for one in first.readings] == [(141.0, 86.0, None, None), (None, None, 97.0, 84.0)]  # fmt: skip
    later = readings(parse(*pressure(), obx(value="96", at="20260115100513-0500"), control_id="MSG2"))
    assert later.readings[0].event_id == first.readings[0].event_id
    assert later.readings[1].event_id != first.readings[1].event_id


def test_the_electrocardiogram_outranks_the_oximeter():
    both = readings(parse(obx(PULSE, "80", PER_MIN), obx("147842^MDC_ECG_HEART_RATE^MDC", "84", PER_MIN)))
    assert both.readings[0].heart_rate_per_min == 84.0
    assert [row.reason for row in both.left] == [Left.SAME_METRIC]


def test_half_a_pressure_is_refused_and_the_rest_kept():
    half = readings(parse(obx(SYS, "141", MMHG), obx()))
    assert half.readings[0].systolic_mmhg is None
    assert half.readings[0].spo2_percent == 97.0
    assert [row.reason for row in half.left] == [Left.PRESSURE_PAIR]
    turned = readings(parse(*pressure("86", "141")))
    assert turned.readings == ()


def test_cuff_and_arterial_line_are_never_mixed():
    line_sys, line_dia = "150033^MDC_PRESS_BLD_ART_SYS^MDC", "150034^MDC_PRESS_BLD_ART_DIA^MDC"
    rows = [obx(line_sys, "150", MMHG), obx(SYS, "140", MMHG), obx(line_dia, "90", MMHG), obx(DIA, "85", MMHG)]
    reading = readings(parse(*rows)).readings[0]
    assert (reading.systolic_mmhg, reading.diastolic_mmhg) == (140.0, 85.0)


def test_a_scale_is_understood_and_not_charted():
    message = parse(obx("188736^MDC_MASS_BODY_ACTUAL^MDC", "82.5", "kg"))
    assert message.observations[0].value == 82.5
    assert readings(message).readings == ()


def test_the_answer_carries_the_control_id_and_one_sentence():
    header = read_header(read_segments(oru(obx(), processing="T")))
    problem = Problem(code="UNKNOWN-PATIENT", sentence="No patient | here.", where="PID-3")
    ack = hl7.parse(write_ack(header, Answer.ERROR, at=SENT_AT, ack_id="A1", problem=problem).decode())
    assert str(ack.segment("MSA")[1]) == "AE"
    assert str(ack.segment("MSA")[2]) == "MSG1"
    assert str(ack.segment("MSH")[11]) == "T"
    err = ack.segment("ERR")
    assert [str(err[n]) for n in (2, 3, 4, 5)] == [
        "PID^1^3", "204^Unknown key identifier^HL70357", "E", "UNKNOWN-PATIENT"
    ]  # fmt: skip
    assert ack.unescape(str(err[8])) == "No patient | here."


def test_a_message_without_a_readable_header_is_still_answered():
    ack = write_ack(None, Answer.REJECTED, at=SENT_AT, ack_id="A1", problem=Problem(code="HL7-MSH", sentence="No."))
    assert b"MSA|AR|\r" in ack
    assert write_ack(None, Answer.ACCEPTED, at=SENT_AT, ack_id="A1").count(b"\r") == 2

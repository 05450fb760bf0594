#!/usr/bin/python3
"""Walks the devices of a lab as a SunSpec client would, with Debian's pymodbus, and mbpoll beside it.

usage: sunspec_walk.py V2X WORLD    (V2X: the program; WORLD: a world with sun and a plugged car)
"""
import json
import signal
import subprocess
import sys
import time

try:
    from pymodbus.client import ModbusSerialClient, ModbusTcpClient
except ImportError as absent:
    print(f"skipped: {absent}; make deps-test installs it")
    sys.exit(77)  # as CMakeLists.txt knows

from sunspec_tables import ABSENT, CHAINS, MAY_BE_ABSENT, MODELS

BASE = 40000
DEADLINE_S = 120  # only a broken build waits that long
SPEED = 20        # service seconds per second: starts and reverts are seen soon


class Failure(Exception):
    pass


def check(condition, sentence):
    if not condition:
        raise Failure(sentence)


def wait_for(what, holds):
    end = time.monotonic() + DEADLINE_S
    value = None
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
    raise Failure(f"waited {DEADLINE_S} s in vain for {what}")


class Unit:
    """One unit on one client."""

    def __init__(self, client, unit):
        self.client, self.id = client, unit["unit_id"]
        self.name, self.kind = unit["name"], unit["kind"]
        self.models = {}

    def read(self, address, count):
        reply = self.client.read_holding_registers(address, count, slave=self.id)
        check(not reply.isError(), f"{self.name}: reading {count} registers at {address}: {reply}")
        check(len(reply.registers) == count, f"{self.name}: {len(reply.registers)} registers, asked for {count}")
        return reply.registers

    def write(self, model, offset, values):
        reply = self.client.write_registers(self.models[model] + offset, values, slave=self.id)
        check(not reply.isError(), f"{self.name}: writing {values} to {model} offset {offset}: {reply}")

    def discover(self):
        check(self.read(BASE, 2) == [0x5375, 0x6E53], f"{self.name}: no SunS at {BASE}")
        chain, at = [], BASE + 2
        while True:
            model, length = self.read(at, 2)
            if model == 0xFFFF:
                check(length == 0, f"{self.name}: the end has L {length}")
                return chain
            chain.append((model, length))
            self.models[model] = at
            at += 2 + length

    def raw(self, model, offset, kind):
        if kind.startswith("string"):
            words = self.read(self.models[model] + offset, int(kind[6:]))
            return b"".join(w.to_bytes(2, "big") for w in words).rstrip(b"\0").decode()
        words = self.read(self.models[model] + offset, 2 if kind in ("u32", "acc32", "bits32") else 1)
        value = int.from_bytes(b"".join(w.to_bytes(2, "big") for w in words), "big")
        return value - 0x10000 if kind in ("s16", "sf") and value >= 0x8000 else value

    def value(self, model, name):
        """Scaled; None when absent."""
        row = next(r for r in MODELS[model] if r[1] == name)
        raw = self.raw(model, row[0], row[2])
        if raw == ABSENT.get(row[2], ""):
            return None
        return raw if row[3] is None else raw * 10 ** self.value(model, row[3])

    def check_mandatory(self):
        points = 0
        for model in self.models:
            for _, name, kind, _, sane in MODELS[model]:
                value = self.value(model, name)
                points += 1
                if value is None:
                    check(name in MAY_BE_ABSENT[self.kind], f"{self.name}: {model}.{name} is not available, but mandatory")
                elif kind.startswith("string"):
                    check(value, f"{self.name}: {model}.{name} is empty")
                else:
                    check(sane[0] <= value <= sane[1], f"{self.name}: {model}.{name} is {value}, sane is {sane}")
        return points


def mbpoll(unit, where, address, count):
    """The same registers by mbpoll, over TCP or RTU."""
    command = ["mbpoll", "-0", "-1", "-q", "-t", "4", "-a", str(unit.id), "-r", str(address), "-c", str(count)] + where
    out = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE_S)
    check(out.returncode == 0, f"{' '.join(command)}: {out.stdout}{out.stderr}")
    lines = [line.split(":")[1].split()[0] for line in out.stdout.splitlines() if line.startswith("[")]
    return [int(value) for value in lines]


def limit_and_revert(unit):
    """Model 123: 20 %, with a revert time; W falls, and comes back by itself."""
    full = wait_for(f"{unit.name} at full power", lambda: unit.value(101, "W") > 3000 and unit.value(101, "W"))
    unit.write(123, 5, [20])
    unit.write(123, 6, [0, 120, 1, 1])  # window, revert time, ramp, enable
    limited = wait_for("the limit", lambda: unit.value(101, "W") <= 0.2 * 5500 + 10 and unit.value(101, "W"))
    check(unit.value(123, "WMaxLim_Ena") == 1, "WMaxLim_Ena does not read back")
    wait_for("the revert", lambda: unit.value(123, "WMaxLim_Ena") == 0)
    again = wait_for("full power again", lambda: unit.value(101, "W") > 3000 and unit.value(101, "W"))
    print(f"{unit.name}: {full} W, limited to {limited} W, reverted to {again} W")


def walk(lab):
    tcp_host, tcp_port = lab["units"][0]["tcp"].split(":")
    pty = lab["units"][0]["pty"]
    clients = {"tcp": ModbusTcpClient(tcp_host, port=int(tcp_port), timeout=5),
               "pty": ModbusSerialClient(pty, baudrate=9600, timeout=5)}
    where = {"tcp": ["-m", "tcp", "-p", tcp_port, tcp_host], "pty": ["-m", "rtu", "-b", "9600", "-P", "none", pty]}
    for bus, client in clients.items():
        check(client.connect(), f"no connection over {bus}")
        for description in lab["units"]:
            unit = Unit(client, description)
            chain = unit.discover()
            check(chain == CHAINS[unit.kind], f"{unit.name} over {bus}: chain {chain}")
            if unit.kind == "pv_pcs" and bus == "tcp":
                wait_for(f"{unit.name} to run", lambda: unit.value(101, "St") in (4, 5))
            points = unit.check_mandatory()
            identity = unit.read(BASE, 70)
            if bus == "pty":
                client.close()
            by_mbpoll = mbpoll(unit, where[bus], BASE, 70)
            check(by_mbpoll == identity, f"{unit.name} over {bus}: mbpoll reads {by_mbpoll}, pymodbus {identity}")
            if bus == "pty":
                client.connect()
            print(f"{unit.name} over {bus}: {len(chain)} models, {points} points, mbpoll agrees")
    pv = Unit(clients["tcp"], next(u for u in lab["units"] if u["kind"] == "pv_pcs"))
    pv.discover()
    limit_and_revert(pv)


def main(v2x, world):
    lab = subprocess.Popen([v2x, "lab", world, "--json", "--modbus-port", "0", "--speed", str(SPEED)],
                           stdout=subprocess.PIPE, text=True)
    try:
        first = lab.stdout.readline()
        check(first.startswith("{"), f"the lab's first line is no JSON: {first!r}")
        walk(json.loads(first))
    finally:
        lab.send_signal(signal.SIGTERM)
        lab.wait(30)
    check(lab.returncode == 0, f"the lab ended with {lab.returncode}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Failure as failure:
        sys.exit(f"failed: {failure}")

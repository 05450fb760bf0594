# Mandatory points of the SunSpec models that the simulated devices have, from the public model definitions
# (sunspec/models): offset from the model's ID, name, type, scale factor, and the range in which a healthy device
# under sun has its value. It shares nothing with sim/pcs/maps/, so that a slip there is seen here.

# What each chain must hold: (model, L) in order.
CHAINS = {
    "pv_pcs": [(1, 66), (101, 50), (120, 26), (121, 30), (122, 44), (123, 24), (160, 88), (701, 153), (702, 50),
               (715, 7), (64900, 34)],
    "ev_pcs": [(1, 66), (102, 50), (120, 26), (121, 30), (122, 44), (123, 24), (124, 24), (701, 153), (702, 50),
               (713, 7), (714, 43), (715, 7), (64900, 34), (64901, 45)],
    "meter": [(1, 66), (202, 105)],
}

SF = (-10, 10)
INVERTER = [
    (2, "A", "u16", "A_SF", (0, 60)), (3, "AphA", "u16", "A_SF", (0, 60)), (6, "A_SF", "sf", None, SF),
    (10, "PhVphA", "u16", "V_SF", (90, 115)), (13, "V_SF", "sf", None, SF), (14, "W", "s16", "W_SF", (-6100, 6100)),
    (15, "W_SF", "sf", None, SF), (16, "Hz", "u16", "Hz_SF", (49, 61)), (17, "Hz_SF", "sf", None, SF),
    (24, "WH", "acc32", "WH_SF", (0, 2**32)), (26, "WH_SF", "sf", None, SF),
    (33, "TmpCab", "s16", "Tmp_SF", (-20, 85)), (37, "Tmp_SF", "sf", None, SF), (38, "St", "enum16", None, (1, 8)),
    (40, "Evt1", "bits32", None, (0, 0)), (42, "Evt2", "bits32", None, (0, 0)),
]
QUADRANTS = [(7, "VArRtgQ1"), (8, "VArRtgQ2"), (9, "VArRtgQ3"), (10, "VArRtgQ4")]
PF_QUADRANTS = [(14, "PFRtgQ1"), (15, "PFRtgQ2"), (16, "PFRtgQ3"), (17, "PFRtgQ4")]

MODELS = {
    1: [(2, "Mn", "string16", None, None), (18, "Md", "string16", None, None), (50, "SN", "string16", None, None)],
    101: INVERTER,
    102: INVERTER + [(4, "AphB", "u16", "A_SF", (0, 60)), (11, "PhVphB", "u16", "V_SF", (90, 115))],
    120: [(2, "DERTyp", "enum16", None, (4, 82)), (3, "WRtg", "u16", "WRtg_SF", (5000, 6500)),
          (4, "WRtg_SF", "sf", None, SF), (5, "VARtg", "u16", "VARtg_SF", (5000, 6500)), (6, "VARtg_SF", "sf", None, SF),
          (11, "VArRtg_SF", "sf", None, SF), (12, "ARtg", "u16", "ARtg_SF", (20, 35)), (13, "ARtg_SF", "sf", None, SF),
          (18, "PFRtg_SF", "sf", None, SF)],
    121: [(2, "WMax", "u16", "WMax_SF", (5000, 6500)), (3, "VRef", "u16", "VRef_SF", (200, 204)),
          (4, "VRefOfs", "s16", "VRefOfs_SF", (-10, 10)), (24, "VRefOfs_SF", "sf", None, SF),
          (22, "WMax_SF", "sf", None, SF), (23, "VRef_SF", "sf", None, SF)],
    122: [(2, "PVConn", "bits16", None, (0, 15)), (3, "StorConn", "bits16", None, (0, 15)),
          (4, "ECPConn", "bits16", None, (0, 1))],
    123: [(4, "Conn", "enum16", None, (1, 1)), (5, "WMaxLimPct", "u16", "WMaxLimPct_SF", (100, 100)),
          (9, "WMaxLim_Ena", "enum16", None, (0, 0)), (10, "OutPFSet", "s16", "OutPFSet_SF", (-1, 1)),
          (14, "OutPFSet_Ena", "enum16", None, (0, 0)), (22, "VArPct_Ena", "enum16", None, (0, 0)),
          (23, "WMaxLimPct_SF", "sf", None, SF), (24, "OutPFSet_SF", "sf", None, SF)],
    124: [(2, "WChaMax", "u16", "WChaMax_SF", (5000, 6500)), (3, "WChaGra", "u16", "WChaDisChaGra_SF", (1, 1000)),
          (4, "WDisChaGra", "u16", "WChaDisChaGra_SF", (1, 1000)), (5, "StorCtl_Mod", "bits16", None, (0, 3)),
          (19, "WChaDisChaGra_SF", "sf", None, SF),
          (18, "WChaMax_SF", "sf", None, SF)],
    202: [(2, "A", "s16", "A_SF", (-120, 120)), (3, "AphA", "s16", "A_SF", (-120, 120)),
          (4, "AphB", "s16", "A_SF", (-120, 120)), (6, "A_SF", "sf", None, SF), (7, "PhV", "s16", "V_SF", (90, 115)),
          (8, "PhVphA", "s16", "V_SF", (90, 115)), (9, "PhVphB", "s16", "V_SF", (90, 115)),
          (11, "PPV", "s16", "V_SF", (180, 230)), (12, "PPVphAB", "s16", "V_SF", (180, 230)),
          (15, "V_SF", "sf", None, SF), (16, "Hz", "s16", "Hz_SF", (49, 61)),
          (17, "Hz_SF", "sf", None, SF), (18, "W", "s16", "W_SF", (-20000, 20000)),
          (22, "W_SF", "sf", None, SF), (38, "TotWhExp", "acc32", "TotWh_SF", (0, 2**32)),
          (46, "TotWhImp", "acc32", "TotWh_SF", (0, 2**32)), (54, "TotWh_SF", "sf", None, SF),
          (105, "Evt", "bits32", None, (0, 0))],
    # The 7xx models have one mandatory point; what a gateway lives on is read, too.
    701: [(2, "ACType", "enum16", None, (0, 1)), (4, "InvSt", "enum16", None, (0, 7)), (10, "W", "s16", "W_SF", (-6100, 6100)),
          (17, "Hz", "u32", "Hz_SF", (49, 61)), (115, "Hz_SF", "sf", None, SF), (116, "W_SF", "sf", None, SF)],
    702: [(2, "WMaxRtg", "u16", "W_SF", (5000, 6500)), (45, "W_SF", "sf", None, SF)],
    713: [(4, "SoC", "u16", "Pct_SF", (0, 100)), (8, "Pct_SF", "sf", None, SF)],
    714: [(4, "NPrt", "u16", None, (1, 1)), (20, "Prt.PrtTyp", "enum16", None, (2, 2))],
    715: [(2, "LocRemCtl", "enum16", None, (0, 0)), (3, "DERHb", "u32", None, (0, 2**32 - 2))],
    160: [(8, "N", "u16", None, (4, 4)), (20, "module1.DCV", "u16", "DCV_SF", (50, 450)), (3, "DCV_SF", "sf", None, SF)],
    64900: [(2, "Rev", "u16", None, (1, 1))],
    64901: [(2, "Rev", "u16", None, (1, 1))],
}
for model, rows in ((120, QUADRANTS),):
    MODELS[model] += [(at, name, "s16", "VArRtg_SF", (-6000, 6000)) for at, name in rows]
MODELS[120] += [(at, name, "s16", "PFRtg_SF", (-1, 1)) for at, name in PF_QUADRANTS]

# A PV PCS has no rating in the two quadrants in which active power is consumed. Everything else must be there.
MAY_BE_ABSENT = {"pv_pcs": {"VArRtgQ2", "VArRtgQ3", "PFRtgQ2", "PFRtgQ3"}, "ev_pcs": set(), "meter": set()}
ABSENT = {"VArPct_Ena", "DERHb", "WChaMax", "StorCtl_Mod", "VArRtgQ2", "VArRtgQ3", "PFRtgQ2", "PFRtgQ3", "VRefOfs"}
ABSENT = {"u16": 0xFFFF, "enum16": 0xFFFF, "bits16": 0xFFFF, "s16": -0x8000, "sf": -0x8000, "u32": 0xFFFFFFFF,
          "bits32": 0xFFFFFFFF, "acc32": None}

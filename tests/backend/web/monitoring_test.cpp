// Graph, economy, faults, devices and data of the monitoring site: M03 … M07, M12.
#include <nlohmann/json.hpp>

#include "backend/service/ports/alarms.hpp"
#include "backend/service/ports/gateways.hpp"
#include "tests/backend/web/monitored_home.hpp"

namespace v2x::test {
namespace {

using service::TelemetrySample;

class Monitoring : public MonitoredHome {
 protected:
  /// 11:00 to 12:00 in two halves: buys 200 and 300 Wh, sells 1000 and 2000.
  void report_an_hour() {
    TelemetrySample last = sample(today("12:00"), counters(500, 3000));
    last.ev = service::EvReading{service::VehicleState::standby, 615, {}};
    commit({sample(today("11:00"), counters(0, 0)), sample(today("11:30"), counters(200, 1000)), last});
  }

  /// The cells of the graph's row that begins with this.
  std::string row(const std::string& slot) const {
    const size_t at = hanako_.body.find("<th scope=\"row\">" + slot + "</th>");
    if (at == std::string::npos) return "(none)";
    const std::string cells = hanako_.body.substr(at, hanako_.body.find("</tr>", at) - at);
    return std::regex_replace(std::regex_replace(cells, std::regex("<small>.*?</small>"), ""), std::regex("(<[^>]*>)+"),
                              "|");
  }

  void enter_tariff(Fields changed = {}) {
    Fields form = {{"band1From", "0"},  {"band1Until", "48"},       {"band1Price", "30.85"}, {"sellPrice", "16"},
                   {"band2From", "0"},  {"band2Until", "1"},        {"band2Price", ""},      {"band3From", "0"},
                   {"band3Until", "1"}, {"band3Price", ""},         {"band4From", "0"},      {"band4Until", "1"},
                   {"band4Price", ""},  {"validFrom", "2020-01-01"}};
    for (const char* day : {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}) form[std::string("band1Day") + day] = "1";
    for (const auto& [name, value] : changed) form[name] = value;
    hanako_.fill("/ctrl/economy?gw=01AB12345678", form);
  }
};

TEST_F(Monitoring, TheDayHas48RowsWithGapsAndEstimates) {
  report_an_hour();
  hanako_.get("/ctrl/graph?gw=01AB12345678");
  EXPECT_EQ(hanako_.page_id(), "M04");
  EXPECT_EQ(hanako_.text("period"), "2020年2月14日");
  EXPECT_EQ(row("11:00"), "|11:00|1.00|0.20|1.00|0.20|0.00|0.00|");
  EXPECT_EQ(row("11:30"), "|11:30|2.00|0.30|2.00|0.30|0.00|0.00|62|");
  EXPECT_EQ(row("23:30"), "|23:30|");
  EXPECT_EQ(row("合計"), "|合計|3.00 kWh|0.50 kWh|3.00 kWh|0.50 kWh|0.00 kWh|0.00 kWh|");
  EXPECT_TRUE(hanako_.has("data-quality=\"missing\"><th scope=\"row\">10:00"));
  EXPECT_TRUE(hanako_.has("data-quality=\"future\"><th scope=\"row\">12:30"));
  EXPECT_TRUE(hanako_.has("data-current=\"true\"><th scope=\"row\">12:00"));
  commit({sample(today("14:00"), counters(900, 3000))});
  hanako_.get("/ctrl/graph?gw=01AB12345678");
  EXPECT_EQ(row("13:00"), "|13:00|0.00|0.10|0.00|0.10|0.00|0.00|推定|");
}

TEST_F(Monitoring, MonthAndYearAddUpAndLeadOn) {
  commit({sample(today("00:00"), counters(0)), sample(today("00:10"), counters(1000)),
          sample(today("12:00"), counters(3210))});
  hanako_.get("/ctrl/graph?gw=01AB12345678&span=month&date=2020-02");
  EXPECT_EQ(hanako_.text("period"), "2020年2月");
  EXPECT_EQ(row("14日"), "|14日|0.00|3.21|0.00|3.21|0.00|0.00|推定|");
  EXPECT_EQ(row("13日"), "|13日|0.00|0.00|0.00|0.00|0.00|0.00|") << "the sample that ends at midnight";
  EXPECT_EQ(row("29日"), "|29日|");
  EXPECT_TRUE(hanako_.has("span=month&amp;date=2020-01\"")) << "前へ";
  EXPECT_TRUE(hanako_.has("aria-disabled=\"true\">次へ")) << "nothing after this month";
  hanako_.get("/ctrl/graph?gw=01AB12345678&span=year&date=2020");
  EXPECT_EQ(row("2月"), "|2月|0.00|3.21|0.00|3.21|0.00|0.00|推定|");
  EXPECT_EQ(hanako_.get("/ctrl/graph?gw=01AB12345678&span=week").status, 400);
  EXPECT_EQ(hanako_.get("/ctrl/graph?gw=01AB12345678&date=2020-02-30").status, 400);
  EXPECT_EQ(hanako_.get("/ctrl/graph?gw=01AB12345678&date=2019-07-01").text("no-data"),
            "この期間のデータはありません。");
}

TEST_F(Monitoring, TheFileHasEveryHalfHourUpToTheNewestCompleteOne) {
  report_an_hour();
  hanako_.get("/ctrl/csv?gw=01AB12345678&month=2020-02");
  EXPECT_EQ(hanako_.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(hanako_.header("Content-Disposition"), "attachment; filename=\"v2x_01AB12345678_202002.csv\"");
  EXPECT_EQ(hanako_.body,
            "\xEF\xBB\xBF"
            "年月日,時刻,発電電力量[kWh],消費電力量[kWh],売電電力量[kWh],買電電力量[kWh],EV充電電力量[kWh],"
            "EV放電電力量[kWh],EV蓄電残量(SOC)[%]\r\n"
            "2020/02/14,10:30,0.000,0.000,0.000,0.000,0.000,0.000,\r\n"
            "2020/02/14,11:00,1.000,0.200,1.000,0.200,0.000,0.000,\r\n"
            "2020/02/14,11:30,2.000,0.300,2.000,0.300,0.000,0.000,62\r\n");
}

TEST_F(Monitoring, AMonthWithoutDataSaysSo) {
  EXPECT_EQ(hanako_.get("/ctrl/csv?gw=01AB12345678").page_id(), "M12");
  EXPECT_EQ(hanako_.value("month"), "2020-02");
  EXPECT_EQ(hanako_.get("/ctrl/csv?gw=01AB12345678&month=2020-01").status, 422);
  EXPECT_EQ(hanako_.text("err-month"), "指定された月のデータはありません。");
  EXPECT_EQ(hanako_.get("/ctrl/csv?gw=01AB12345678&month=2020-13").text("err-month"), "年月を正しく入力してください。");
}

TEST_F(Monitoring, MoneyNeedsATariffAndIsExact) {
  report_an_hour();
  hanako_.get("/ctrl/economy?gw=01AB12345678");
  EXPECT_EQ(hanako_.body.find("class=\"error\""), std::string::npos) << "an error's sign without an error";
  EXPECT_EQ(hanako_.text("no-tariff"), "料金単価を設定してください。");
  EXPECT_EQ(hanako_.text("buy-cost"), "(none)");
  enter_tariff();
  EXPECT_EQ(hanako_.status, 303);
  hanako_.follow();
  EXPECT_EQ(hanako_.text("notice"), "料金単価を設定しました。");
  EXPECT_EQ(hanako_.text("buy-cost"), "15 円") << "0.5 kWh at 30.85 are 15.425";
  EXPECT_EQ(hanako_.text("sell-income"), "48 円");
  EXPECT_EQ(hanako_.text("balance"), "33 円") << "32.575";
  EXPECT_EQ(hanako_.value("band1Price"), "30.85");
}

TEST_F(Monitoring, PastDaysKeepTheirPrices) {
  report_an_hour();
  enter_tariff();
  enter_tariff({{"band1Price", "60"}, {"validFrom", "2020-02-13"}});
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.text("err-validFrom"),
            "過ぎた日の料金単価は変更できません。適用開始日は本日以降の日付を入力してください。");
  enter_tariff({{"band1Price", "60"}, {"validFrom", "2020-02-14"}});
  EXPECT_EQ(hanako_.follow().text("buy-cost"), "30 円");
}

TEST_F(Monitoring, WhatIsWrongInATariffIsSaidAllAtOnce) {
  enter_tariff({{"band1Price", "1000"}, {"sellPrice", "-1"}, {"validFrom", "yesterday"}});
  EXPECT_EQ(hanako_.status, 422);
  EXPECT_EQ(hanako_.text("err-band1Price"),
            "単価は0円から999.99円まで、小数点以下2桁以内の半角数字で入力してください。");
  EXPECT_EQ(hanako_.text("err-validFrom"), "適用開始日を正しく入力してください。");
  EXPECT_EQ(hanako_.value("sellPrice"), "-1") << "what was entered is kept";
  enter_tariff({{"band1Until", "47"}});
  EXPECT_EQ(hanako_.text("err-band1Price"),
            "買電単価の時間帯は、すべての曜日の24時間を重なりなく埋めるように入力してください。");
}

TEST_F(Monitoring, MoneyIsTheOwnersBusiness) {
  Browser dealer = linked_dealer();
  EXPECT_EQ(dealer.get("/ctrl/economy?gw=01AB12345678").status, 404);
  dealer.get("/ctrl/home?gw=01AB12345678");
  EXPECT_EQ(dealer.page_id(), "M02");
  EXPECT_FALSE(dealer.has("/ctrl/economy"));
  EXPECT_EQ(dealer.get("/ctrl/graph?gw=01AB12345678").status, 200);
  EXPECT_EQ(dealer.get("/ctrl/csv?gw=01AB12345679&month=2020-02").status, 404) << "not this dealer's";
}

TEST_F(Monitoring, FaultsTellWhenWhatAndWhoWasTold) {
  registry_.transact([&](service::Transaction& tx) {
    tx.inventory().report(kMeter, {"GW-M001", "0000009005PV", "1.2.0", {{1, "KPV-A55-J4", "PV1", "pv_pcs", "3.1"}}});
    alarms_.raise(tx, {kMeter, 1, "E1-1", "116.0 V, limit 115.0 V", start() - std::chrono::minutes(30)});
    alarms_.raise(tx, {kMeter, 1, "E1-0", "", start() - std::chrono::minutes(20)});
    alarms_.clear(tx, {kMeter, 1, "E1-0", "", start() - std::chrono::minutes(10)});
  });
  hanako_.get("/ctrl/faults?gw=01AB12345678");
  EXPECT_EQ(hanako_.page_id(), "M06");
  const std::string plain = std::regex_replace(hanako_.body, std::regex("(<[^>]*>)+"), "|");
  EXPECT_NE(plain.find("|2020/02/14 11:30|-|ユニット1 KPV-A55-J4|E1-1|系統過電圧|発生中|保留|"), std::string::npos)
      << plain;
  EXPECT_NE(plain.find("|2020/02/14 11:40|2020/02/14 11:50|ユニット1 KPV-A55-J4|E1-0|停電|復旧済|対象なし|"),
            std::string::npos);
  hanako_.get("/ctrl/device?gw=01AB12345678");
  EXPECT_EQ(hanako_.page_id(), "M07");
  EXPECT_EQ(hanako_.text("val-firmware"), "1.2.0");
  EXPECT_EQ(hanako_.text("val-lastContact"), "-");
  commit({sample(today("12:00"), counters(0))});
  EXPECT_TRUE(hanako_.get("/ctrl/device?gw=01AB12345678").has("異常 E1-1 系統過電圧"));
}

TEST_F(Monitoring, AClockThatIsAheadIsSaidOnTheDevicePageAlone) {
  TelemetrySample ahead = sample(today("15:00"), counters(9));
  ahead.skewed = true;
  commit({ahead});
  EXPECT_NE(hanako_.get("/ctrl/device?gw=01AB12345678").text("clock-wrong"), "(none)");
  EXPECT_EQ(hanako_.get("/ctrl/home?gw=01AB12345678").text("now-time"), "-");
}

TEST_F(Monitoring, TheFlowIsAPictureAndATable) {
  TelemetrySample now = sample(today("12:00"), counters(0));
  now.mean_w = {4000, 900, 0, 2100, 1000, 0};
  now.ev = service::EvReading{service::VehicleState::charging, 500, {}};
  commit({now});
  hanako_.get("/ctrl/flow?gw=01AB12345678");
  EXPECT_EQ(hanako_.page_id(), "M03");
  EXPECT_EQ(hanako_.text("pv-direction"), "発電");
  EXPECT_EQ(hanako_.text("ev-direction"), "充電");
  EXPECT_EQ(hanako_.text("ev-now"), "1.0 kW");
  EXPECT_EQ(hanako_.text("sell-direction"), "売電");
  EXPECT_EQ(hanako_.text("buy-direction"), "なし");
  EXPECT_TRUE(hanako_.has("id=\"link-grid\" data-direction=\"out\" data-speed=\"medium\""));
  EXPECT_TRUE(hanako_.has("id=\"link-ev\" data-direction=\"out\""));
  EXPECT_TRUE(hanako_.has("id=\"link-pv\" data-direction=\"in\" data-speed=\"fast\""));
}

TEST_F(Monitoring, WhoWatchesTheFlowSeesTheNewestLiveSample) {
  commit({sample(today("12:00"), counters(0))});
  clock_.advance_to(today("12:00") + std::chrono::seconds(10));
  TelemetrySample live = sample(clock_.now(), counters(0));
  live.start = clock_.now() - std::chrono::seconds(2);
  live.length = std::chrono::seconds(2);
  live.mean_w = {2500, 2500, 0, 0, 0, 0};
  hanako_.get("/ctrl/flow?gw=01AB12345678");
  EXPECT_EQ(hanako_.text("pv-now"), "-") << "of the minute";
  EXPECT_EQ(live_.take_commands([](const auto&) { return true; }).size(), 1u) << "the gateway is asked for more";
  live_.put(kMeter, live);
  EXPECT_EQ(hanako_.get("/ctrl/flow?gw=01AB12345678").text("pv-now"), "2.5 kW");
  const auto now = [&](const std::string& query) {
    return nlohmann::json::parse(hanako_.get("/ctrl/home/live?gw=01AB12345678" + query).body);
  };
  EXPECT_EQ(now("&watch=1")["pv_w"], 2500);
  EXPECT_EQ(now("")["pv_w"], nullptr) << "home shows means of the minute";
}

TEST_F(Monitoring, ANewOwnerSeesNothingFromBefore) {
  report_an_hour();
  clock_.advance_to(today("12:10"));
  std::int64_t old_account = 0;
  registry_.transact([&](service::Transaction& tx) {
    const auto owned = tx.gateways().owned(kMeter);
    old_account = owned->account_id;
    tx.gateways().release(owned->ownership_id);
  });
  EXPECT_EQ(hanako_.get("/ctrl/graph?gw=01AB12345678").status, 404);
  registry_.transact([&](service::Transaction& tx) { tx.gateways().claim(kMeter, old_account, {"新しい家", {}}); });
  hanako_.get("/ctrl/home?gw=01AB12345678");
  EXPECT_EQ(hanako_.text("buy-today"), "-");
  EXPECT_EQ(hanako_.get("/ctrl/csv?gw=01AB12345678&month=2020-02").status, 422);
  commit({sample(today("12:05"), counters(550, 3000))});  // sampled before the claim, late
  hanako_.get("/ctrl/home?gw=01AB12345678");
  EXPECT_EQ(hanako_.text("buy-today"), "-");
  EXPECT_EQ(hanako_.text("now-time"), "-");
  clock_.advance_to(today("12:31"));
  commit({sample(today("12:10"), counters(600, 3000)), sample(today("12:30"), counters(1600, 3000))});
  hanako_.get("/ctrl/home?gw=01AB12345678");
  EXPECT_EQ(hanako_.text("buy-today"), "1.0 kWh");
  hanako_.get("/ctrl/graph?gw=01AB12345678");
  EXPECT_EQ(row("12:00"), "|12:00|0.00|1.00|0.00|1.00|0.00|0.00|");
  EXPECT_EQ(row("11:30"), "|11:30|");
}

}  // namespace
}  // namespace v2x::test

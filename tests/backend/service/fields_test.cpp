// Two tables: what each field accepts, and what it refuses with which text.
#include "backend/service/fields.hpp"

#include <gtest/gtest.h>

#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

Form good_form() {
  return {{"sei", "御室"},
          {"mei", "花子"},
          {"seiKana", "オムロ"},
          {"meiKana", "ハナコ"},
          {"mail", "hanako@example.jp"},
          {"mailConfirm", "hanako@example.jp"},
          {"zip1", "600"},
          {"zip2", "8530"},
          {"pref", "26"},
          {"city", "京都市下京区"},
          {"addr", "塩小路通堀川東入"},
          {"tel1", "075"},
          {"tel2", "344"},
          {"tel3", "7000"},
          {"gatewayId", "01AB12345678"},
          {"gatewayPassword", "abcedfghijk12"},
          {"siteName", "御室邸"},
          {"siteZip1", "600"},
          {"siteZip2", "8530"},
          {"sitePref", "26"},
          {"siteCity", "京都市"},
          {"siteAddr", "1-1"}};
}

FieldErrors judged(Form form) {
  const auto& groups = customer_registration_fields();
  return errors_in(groups, taken(groups, form));
}

struct Accepted {
  Form values;
};
const std::vector<Accepted> kAccepted = {
    {{{"sei", repeated("漢", 14)}}},
    {{{"sei", "𠮷田"}}},                   // beyond the basic plane
    {{{"sei", repeated("葛󠄀", 14)}}},  // variation selectors count nothing
    {{{"mei", "ジョン・スミス"}}},         // inner ・
    {{{"mei", "マリア　テレサ"}}},         // inner U+3000
    {{{"sei", "　御室 "}}},                // spaces at the ends are cut off
    {{{"sei", "ＡＢＣ１２"}}},             // full-width letters and digits
    {{{"meiKana", "ハナコ・ー"}}},
    {{{"mail", "a..b.@docomo.ne.jp"}, {"mailConfirm", "a..b.@docomo.ne.jp"}}},
    {{{"mail", repeated("a", 64) + "@b.jp"}, {"mailConfirm", repeated("a", 64) + "@b.jp"}}},
    {{{"pref", "01"}}},
    {{{"pref", "47"}}},
    {{{"city", repeated("市", 50)}}},
    {{{"addr", repeated("町", 100)}}},
    {{{"tel1", "03"}, {"tel2", "1234"}, {"tel3", "5678"}}},
    {{{"tel1", "090"}, {"tel2", "9999"}, {"tel3", "9999"}}},
    {{{"tel1", "01267"}, {"tel2", "2"}, {"tel3", "3456"}}},
    {{{"corpName", repeated("社", 50)}}},
    {{{"gatewayId", "01ab12345678"}}},
    {{{"siteName", "XX株式会社 京都発電所"}}},
};

struct Refused {
  Form values;
  std::string name;
  std::string text;
};
const std::string kSei = "姓は全角14文字以内で入力してください。",
                  kKana = "セイは全角カタカナ14文字以内で入力してください。",
                  kMail = "メールアドレスの形式が正しくありません。",
                  kZip = "郵便番号は半角数字3桁と4桁で入力してください。",
                  kTel = "電話番号は市外局番から半角数字で入力してください。",
                  kId = "ゲートウェイIDは半角英数字12文字で入力してください。";
const std::vector<Refused> kRefused = {
    {{{"sei", ""}}, "sei", "姓を入力してください。"},
    {{{"sei", "　"}}, "sei", "姓を入力してください。"},
    {{{"sei", repeated("漢", 15)}}, "sei", kSei},
    {{{"sei", "Omuro"}}, "sei", kSei},
    {{{"sei", "ｵﾑﾛ"}}, "sei", kSei},
    {{{"sei", "御室😀"}}, "sei", kSei},
    {{{"sei", "御 室"}}, "sei", kSei},
    {{{"sei", "御!"}}, "sei", kSei},
    {{{"mei", "Hanako"}}, "mei", "名は全角14文字以内で入力してください。"},
    {{{"seiKana", "おむろ"}}, "seiKana", kKana},
    {{{"seiKana", "ｵﾑﾛ"}}, "seiKana", kKana},
    {{{"seiKana", "オムロ1"}}, "seiKana", kKana},
    {{{"meiKana", "花子"}}, "meiKana", "メイは全角カタカナ14文字以内で入力してください。"},
    {{{"mail", "hanako"}}, "mail", kMail},
    {{{"mail", "hanako@localhost"}}, "mail", kMail},
    {{{"mail", "@example.jp"}}, "mail", kMail},
    {{{"mail", "a@b@example.jp"}}, "mail", kMail},
    {{{"mail", "花子@example.jp"}}, "mail", kMail},
    {{{"mail", "a b@example.jp"}}, "mail", kMail},
    {{{"mail", "a@example..jp"}}, "mail", kMail},
    {{{"mail", repeated("a", 65) + "@b.jp"}}, "mail", kMail},
    {{{"mail", "a@" + repeated("b", 250) + ".jp"}}, "mail", kMail},
    {{{"mail", "a@example.jp\r\nBcc: b@example.jp"}}, "mail", kMail},
    {{{"mailConfirm", "Hanako@example.jp"}}, "mailConfirm", "メールアドレスが確認用と一致しません。"},
    {{{"zip1", "60"}}, "zip1", kZip},
    {{{"zip1", "６００"}}, "zip1", kZip},
    {{{"zip2", ""}}, "zip1", kZip},
    {{{"pref", ""}}, "pref", "都道府県を選択してください。"},
    {{{"pref", "48"}}, "pref", "都道府県を選択してください。"},
    {{{"pref", "00"}}, "pref", "都道府県を選択してください。"},
    {{{"city", repeated("市", 51)}}, "city", "市町村区は50文字以内で入力してください。"},
    {{{"city", "京都\t市"}}, "city", "市町村区は50文字以内で入力してください。"},
    {{{"addr", repeated("町", 101)}}, "addr", "それ以降の住所は100文字以内で入力してください。"},
    {{{"tel1", "75"}}, "tel1", kTel},
    {{{"tel1", "０７５"}}, "tel1", kTel},
    {{{"tel3", "70"}}, "tel1", kTel},
    {{{"tel1", "07500"}, {"tel2", "3444"}, {"tel3", "7000"}}, "tel1", kTel},
    {{{"corpName", repeated("社", 51)}}, "corpName", "法人名は50文字以内で入力してください。"},
    {{{"deptName", repeated("部", 51)}}, "deptName", "部署名は50文字以内で入力してください。"},
    {{{"gatewayId", "01AB1234567"}}, "gatewayId", kId},
    {{{"gatewayId", "０1AB1234567"}}, "gatewayId", kId},
    {{{"gatewayId", "01AB1234567-"}}, "gatewayId", kId},
    {{{"gatewayPassword", ""}}, "gatewayPassword", "ゲートウェイパスワードを入力してください。"},
    {{{"gatewayPassword", repeated("a", 33)}},
     "gatewayPassword",
     "ゲートウェイIDまたはゲートウェイパスワードが正しくありません。"},
    {{{"siteName", repeated("設", 51)}}, "siteName", "設置先は50文字以内で入力してください。"},
    {{{"sitePref", "99"}}, "sitePref", "都道府県を選択してください。"},
    {{{"siteAddr", ""}}, "siteAddr", "それ以降の住所を入力してください。"},
};

TEST(Fields, AcceptWhatTheTableSays) {
  for (const Accepted& row : kAccepted) {
    Form form = good_form();
    for (const auto& [name, value] : row.values) form[name] = value;
    const FieldErrors errors = judged(form);
    EXPECT_TRUE(errors.empty()) << row.values.begin()->first << " = " << row.values.begin()->second << ": "
                                << errors[0].text;
  }
}

TEST(Fields, RefuseWhatTheTableSaysWithItsText) {
  for (const Refused& row : kRefused) {
    Form form = good_form();
    for (const auto& [name, value] : row.values) form[name] = value;
    // A changed address needs its confirmation, so that only one thing is wrong.
    if (row.values.contains("mail")) form["mailConfirm"] = form["mail"];
    const FieldErrors errors = judged(form);
    ASSERT_EQ(errors.size(), 1u) << row.values.begin()->first << " = " << row.values.begin()->second;
    EXPECT_EQ(errors[0].name, row.name);
    EXPECT_EQ(errors[0].text, row.text);
  }
}

TEST(Fields, JudgePasswordsAsTheyWereTyped) {
  const auto errors = [](const std::string& password) {
    const Form form = {
        {"password", password}, {"passwordConfirm", password}, {"tel1", "075"}, {"tel2", "344"}, {"tel3", "7000"}};
    return errors_in(password_fields(), taken(password_fields(), form)).size();
  };
  for (const auto& good : {"Hanako26", "aA0!\"#$%&'()*+,-", "Hanako2026Hanako"}) EXPECT_EQ(errors(good), 0u) << good;
  for (const auto& bad : {"Hanako2", "Hanako2026Hanako2", "hanako2026", "HANAKO2026", "HanakoHanako", "Hanako 2026",
                          " Hanako2026", "Hanako２０２６", "Hanako2026\x7F"})
    EXPECT_EQ(errors(bad), 1u) << bad;
}

TEST(Fields, DraftsKeepNoPasswords) {
  const Form kept =
      without_passwords(customer_registration_fields(), taken(customer_registration_fields(), good_form()));
  EXPECT_FALSE(kept.contains("gatewayPassword"));
  EXPECT_TRUE(kept.contains("gatewayId"));
}

TEST(TextRules, CountWhatPeopleSeeAsOneCharacter) {
  EXPECT_EQ(character_count("葛󠄀城"), 2);
  EXPECT_EQ(character_count("𠮷"), 1);
  EXPECT_EQ(character_count("か\xE3\x82\x99"), 1);  // か and a combining voiced mark: が after NFC
  EXPECT_EQ(character_count("\xFF"), -1);
}

}  // namespace
}  // namespace v2x::service

// The texts of the mails to customers and dealers, word by word (MAIL-06).
#include <gtest/gtest.h>

#include <set>

#include "backend/mail/template_texts.hpp"
#include "common/resources.hpp"

namespace v2x::test {
namespace {

const service::PublicBases kBases{"https://multi.kp-net.com", "https://regist.kp-net.com", "https://entry.kp-net.com",
                                  "https://ctrl.kp-net.com"};
constexpr auto kEnd = "\n本メールは送信専用です。ご返信いただいてもお答えできません。\n";

struct Text {
  const char* kind;
  const char* subject;
  std::string body;
};

const service::MailFields kFields = {{"name", "御室 花子"},
                                     {"dealer", "山田電気"},
                                     {"dealer_id", "4001"},
                                     {"gw", "01AB12345678"},
                                     {"site", "御室邸"},
                                     {"token", "TOKEN"},
                                     {"date", "2019 年 6 月 24 日"},
                                     {"time", "2020/07/07 12:07"},
                                     {"url", "https://multi.kp-net.com/reg/account/passwordReset?id=TOKEN"},
                                     {"forgot_url", "https://multi.kp-net.com/reg/forgot"},
                                     {"userid", "hanako@example.net"}};

const std::vector<Text> kTexts = {
    {"M-01", "【アカウント仮登録のお知らせ】",
     "御室 花子 様\n\n"
     "遠隔モニタリングサービスのアカウントが作成されました。\n"
     "現時点では、まだ仮登録の状態で、本登録はまだ完了しておりません。\n"
     "下記の URL にアクセスしてパスワードを登録することにより、本登録が完了します。\n"
     "https://regist.kp-net.com/reg/account/mainRegist?id=TOKEN\n"
     "※こちらの URL の有効期限は 2019 年 6 月 24 日まで有効です。\n"
     "ログインの際に入力するユーザ ID は、本メールを送信させて頂いている宛先のメールアドレスです。\n"
     "ユーザ ID、パスワードは大文字と小文字を区別しております。ログインの際は正しく入力してください。\n"},
    {"M-01d", "【アカウント仮登録のお知らせ】",
     "山田電気 御室 花子 様\n\n"
     "遠隔モニタリングサービスのアカウントが作成されました。\n"
     "現時点では、まだ仮登録の状態で、本登録はまだ完了しておりません。\n"
     "下記の URL にアクセスしてパスワードを登録することにより、本登録が完了します。\n"
     "https://entry.kp-net.com/entry/account/mainRegist?id=TOKEN\n"
     "※こちらの URL の有効期限は 2019 年 6 月 24 日まで有効です。\n"
     "ログインの際に入力するユーザ ID は、本登録の完了時にお知らせする販売店 ID です。\n"
     "ユーザ ID、パスワードは大文字と小文字を区別しております。ログインの際は正しく入力してください。\n"},
    {"M-02", "【アカウント本登録完了のお知らせ】",
     "御室 花子 様\n\n"
     "遠隔モニタリングサービスのアカウントの本登録が完了しました。\n"
     "ゲートウェイID:01AB12345678  設置先:御室邸\n"
     "モニタリングサイトは下記の URL からご利用ください。お心当たりのない場合は、お求めの販売店にご連絡ください。\n"
     "https://ctrl.kp-net.com/ctrl/\n"},
    {"M-03", "【アカウント登録のお申し込みについて】",
     "御室 花子 様\n\n"
     "このメールアドレスで登録のお申し込みがありましたが、すでにアカウントが登録されています。\n"
     "登録内容は変更されていません。ゲートウェイの追加は、ログイン後「ゲートウェイの登録」から行えます。\n"
     "https://multi.kp-net.com/reg/login\n"},
    {"M-04", "【パスワード再設定のお知らせ】",
     "山田電気 御中\n\n"
     "パスワード再設定のお申し込みを受け付けました。下記の URL から新しいパスワードを登録してください。\n"
     "https://multi.kp-net.com/reg/account/passwordReset?id=TOKEN\n"
     "※こちらの URL は 2020/07/07 12:07 まで有効です。お心当たりのない場合は、このメールを破棄してください。\n"},
    {"M-05", "【パスワード変更のお知らせ】",
     "山田電気 御中\n\n"
     "2020/07/07 12:07 "
     "にパスワードが変更されました。お心当たりのない場合は、直ちに下記からパスワードを再設定してください。\n"
     "https://multi.kp-net.com/reg/forgot\n"},
    {"M-06", "【メールアドレス変更の確認】",
     "御室 花子 様\n\n"
     "メールアドレス変更のお申し込みを受け付けました。下記の URL から変更を完了してください。\n"
     "https://multi.kp-net.com/reg/account/mailChange?id=TOKEN\n"
     "※こちらの URL の有効期限は 2019 年 6 月 24 "
     "日まで有効です。完了するまでは、これまでのメールアドレスをご使用ください。\n"},
    {"M-07", "【メールアドレス変更のお知らせ】",
     "御室 花子 様\n\n"
     "2020/07/07 12:07 にメールアドレスが変更されました。今後のお知らせは新しいメールアドレスに送信します。\n"},
    {"M-08", "【ゲートウェイ登録解除に伴う保守終了のお知らせ】",
     "山田電気 御中\n\n"
     "お客様がゲートウェイの登録を解除されたため、下記ゲートウェイの保守紐付けは終了しました。\n"
     "ゲートウェイID:01AB12345678  設置先:御室邸  終了日時:2020/07/07 12:07\n"},
    {"M-09", "【ユーザIDのお知らせ】",
     "山田電気 御中\n\n"
     "ユーザIDのお問い合わせを受け付けました。ユーザIDは hanako@example.net です。\n"},
    {"M-10", "【ゲートウェイ登録解除のお知らせ】",
     "御室 花子 様\n\n"
     "下記ゲートウェイの登録を解除しました。データの閲覧と販売店様による保守は終了しました。\n"
     "ゲートウェイID:01AB12345678  設置先:御室邸  解除日時:2020/07/07 12:07\n"},
    {"M-20", "【保守紐付け登録のお知らせ】",
     "山田電気 御中\n\n"
     "御室 花子 "
     "様より、下記ゲートウェイの保守紐付け登録がありました。システムの状態確認と設定変更が可能になりました。\n"
     "ゲートウェイID:01AB12345678  設置先:御室邸  登録日時:2020/07/07 12:07\n"
     "https://entry.kp-net.com/entry/gateways\n"},
    {"M-21", "【保守紐付け解除のお知らせ】",
     "山田電気 御中\n\n"
     "御室 花子 様により、下記ゲートウェイの保守紐付けが解除されました。このゲートウェイの管理は終了となります。\n"
     "ゲートウェイID:01AB12345678  設置先:御室邸  解除日時:2020/07/07 12:07\n"},
    {"M-22", "【販売店登録完了のお知らせ】",
     "山田電気 御中\n\n"
     "販売店様アカウントの本登録が完了しました。販売店ID:4001\n"
     "お客様には、この販売店IDと登録された電話番号をお伝えください。\n"
     "異常発生時のメールを受け取るには、保守担当者の登録が必要です。\n"
     "https://entry.kp-net.com/entry/login\n"},
    {"M-23", "【保守担当者メールアドレスの確認】",
     "山田電気 御中\n\n"
     "保守担当者として、このメールアドレスが登録されました。下記の URL から確認を完了してください。\n"
     "https://entry.kp-net.com/entry/contact/verify?id=TOKEN\n"
     "※こちらの URL の有効期限は 2019 年 6 月 24 "
     "日まで有効です。お心当たりのない場合は、このメールを破棄してください。\n"},
    {"M-24", "【保守終了のお知らせ】",
     "御室 花子 様\n\n"
     "販売店様(山田電気、販売店ID 4001)が下記ゲートウェイの保守を終了しました。\n"
     "ゲートウェイID:01AB12345678  設置先:御室邸  終了日時:2020/07/07 12:07\n"},
};

TEST(MailTexts, AreThoseOfTheCatalogue_MAIL06) {
  const mail::TemplateTexts texts(resource("mail"), kBases);
  const std::set<std::string> without_end = {"M-01", "M-01d"};
  for (const Text& text : kTexts) {
    const auto mail = texts.render({.kind = text.kind, .cause = "", .to = "", .fields = kFields});
    EXPECT_EQ(mail.subject, text.subject) << text.kind;
    EXPECT_EQ(mail.body, text.body + (without_end.contains(text.kind) ? "" : kEnd)) << text.kind;
  }
}

TEST(MailTexts, CallACustomerByNameWhereADealerGetsTheSameMail_MAIL06) {
  const mail::TemplateTexts texts(resource("mail"), kBases);
  service::MailFields fields = kFields;
  fields.erase("dealer");
  for (const auto& kind : {"M-04", "M-05", "M-09"})
    EXPECT_TRUE(
        texts.render({.kind = kind, .cause = "", .to = "", .fields = fields}).body.starts_with("御室 花子 様\n\n"))
        << kind;
}

}  // namespace
}  // namespace v2x::test

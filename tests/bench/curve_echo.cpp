// The bare reference of `v2x bench ingest --against curve-echo`: a CURVE ROUTER that lets everybody in and acknowledges
// each batch as soon as it sees it. It looks at no record and keeps nothing. Prints its endpoint and its public key.
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdio>

#include "common/messaging.hpp"
#include "contracts/telemetry.pb.h"

namespace {

using namespace v2x;
using google::protobuf::internal::WireFormatLite;

/// What an acknowledgement needs of a batch; the records are skipped, but counted.
struct Head {
  std::string stream_id;
  std::uint64_t last_seq = 0;
};
Head head_of(google::protobuf::io::CodedInputStream& in) {
  Head head;
  std::uint64_t first = 0, records = 0;
  while (const std::uint32_t tag = in.ReadTag()) {
    std::uint32_t size = 0;
    if (tag >> 3 == telemetry::Batch::kFirstSeqFieldNumber) {
      in.ReadVarint64(&first);
      continue;
    }
    in.ReadVarint32(&size);
    if (tag >> 3 == telemetry::Batch::kStreamIdFieldNumber)
      in.ReadString(&head.stream_id, static_cast<int>(size));
    else
      in.Skip(static_cast<int>(size));
    records += tag >> 3 == telemetry::Batch::kRecordsFieldNumber ? 1 : 0;
  }
  head.last_seq = first + records - 1;
  return head;
}

std::string answer_to(const std::string& frame) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(frame.data()),
                                            static_cast<int>(frame.size()));
  const std::uint32_t tag = in.ReadTag();
  std::uint32_t size = 0;
  in.ReadVarint32(&size);
  telemetry::Down down;
  if (tag >> 3 == telemetry::Up::kBatchFieldNumber) {
    const Head head = head_of(in);
    down.mutable_ack()->set_stream_id(head.stream_id);
    down.mutable_ack()->set_seq(head.last_seq);
  } else {
    down.mutable_welcome()->set_report_period_ms(60'000);
  }
  return down.SerializeAsString();
}

}  // namespace

int main() {
  const MessagingContext context;
  const CurveKeyPair keys = make_curve_key_pair();
  CurveRouter router(context, "tcp://127.0.0.1:*", keys, [](const std::string& key) { return std::optional(key); });
  std::printf("%s %s\n", router.endpoint().c_str(), keys.public_key.c_str());
  std::fflush(stdout);
  for (;;)
    if (const auto frame = router.receive(std::chrono::milliseconds(-1)))
      router.send(frame->routing_id, answer_to(frame->data));
}

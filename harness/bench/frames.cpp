#include "harness/bench/frames.hpp"

#include "contracts/telemetry.pb.h"

namespace v2x::bench {
namespace {

constexpr std::uint8_t kVarint = 0;  // wire types of protobuf
constexpr std::uint8_t kBytes = 2;

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

void put_tag(std::string& out, int field, std::uint8_t type) {
  put_varint(out, static_cast<std::uint64_t>(field) << 3 | type);
}

void put_bytes(std::string& out, int field, std::string_view bytes) {
  put_tag(out, field, kBytes);
  put_varint(out, bytes.size());
  out.append(bytes);
}

}  // namespace

std::string hello_frame(std::string_view stream_id, std::string_view gateway_id, std::uint64_t last_seq,
                        std::int64_t clock_ms) {
  telemetry::Up up;
  telemetry::Hello& hello = *up.mutable_hello();
  hello.set_protocol(1);
  hello.set_model("GW-FLEET");
  hello.set_serial(std::string(gateway_id));
  hello.set_firmware("bench");
  hello.set_stream_id(std::string(stream_id));
  hello.set_first_seq(last_seq == 0 ? 0 : 1);
  hello.set_last_seq(last_seq);
  hello.set_boot_reason(telemetry::BOOT_REASON_POWER_ON);
  hello.set_clock_ms(clock_ms);
  return up.SerializeAsString();
}

void BatchFrame::begin(std::string_view stream_id, std::uint64_t first_seq) {
  batch_.clear();
  put_bytes(batch_, telemetry::Batch::kStreamIdFieldNumber, stream_id);
  put_tag(batch_, telemetry::Batch::kFirstSeqFieldNumber, kVarint);
  put_varint(batch_, first_seq);
}

void BatchFrame::add(std::uint64_t seq, std::int64_t start_ms, std::uint32_t length_ms, std::string_view body) {
  const auto start = static_cast<std::uint64_t>(start_ms);
  const std::size_t sample = 2 + varint_size(start) + varint_size(length_ms) + body.size();  // two tags of one byte
  const std::size_t record = 2 + varint_size(seq) + varint_size(sample) + sample;
  put_tag(batch_, telemetry::Batch::kRecordsFieldNumber, kBytes);
  put_varint(batch_, record);
  put_tag(batch_, telemetry::Record::kSeqFieldNumber, kVarint);
  put_varint(batch_, seq);
  put_tag(batch_, telemetry::Record::kSampleFieldNumber, kBytes);
  put_varint(batch_, sample);
  put_tag(batch_, telemetry::Sample::kStartMsFieldNumber, kVarint);
  put_varint(batch_, start);
  put_tag(batch_, telemetry::Sample::kLengthMsFieldNumber, kVarint);
  put_varint(batch_, length_ms);
  batch_.append(body);
}

std::string_view BatchFrame::end() {
  up_.clear();
  put_bytes(up_, telemetry::Up::kBatchFieldNumber, batch_);
  return up_;
}

}  // namespace v2x::bench

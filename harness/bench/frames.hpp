// Frames of telemetry.proto as a load generator needs them: written from samples that are encoded already.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace v2x::bench {

/// Hello of a simulated gateway. `stream_id`: 16 bytes.
std::string hello_frame(std::string_view stream_id, std::string_view gateway_id, std::uint64_t last_seq,
                        std::int64_t clock_ms);

/// One Batch, record by record. What it writes is what protobuf would, at a tenth of its cost: the generator must not
/// be what a bench measures.
class BatchFrame {
 public:
  void begin(std::string_view stream_id, std::uint64_t first_seq);
  /// `body`: a Sample's bytes without start_ms and length_ms.
  void add(std::uint64_t seq, std::int64_t start_ms, std::uint32_t length_ms, std::string_view body);
  /// The Up. Valid until the next begin().
  std::string_view end();

 private:
  std::string batch_;
  std::string up_;
};

}  // namespace v2x::bench

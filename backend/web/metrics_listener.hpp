// Answers GET /metrics on a port of its own, away from the sites.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace v2x::web {

/// Owns its thread "metrics" and one that answers.
class MetricsListener {
 public:
  /// `text` is called by the answering thread, at any time until this object is gone. Listens on loopback; `port` 0 is
  /// a free one. Throws BadInput when the port is taken.
  MetricsListener(int port, std::function<std::string()> text);
  ~MetricsListener();
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;

  int port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v2x::web

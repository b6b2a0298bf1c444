
  # Training. Sequences lie end to end without padding, N tokens in all; `runs` holds pairs (sequences,
  # tokens each) in that order, so that attention, which alone looks across tokens, never crosses from
  # one sequence into the next. The backward pass is written out: what it keeps, and in which precision,
  # is chosen here, gradients are accumulated by the matrix products themselves, and no graph is built.
  # R scored tokens; M the matrices in self.w, cast once a step. Dropout is on the embedding's and the
  # branches' output, not inside attention.

  # Adds d(scale * loss sum) / dw to `grads`, which `first` overwrites, and returns the loss sum.
  def train(self: __torch__.Gpt2, w: List[Tensor], grads: List[Tensor], batch: List[Tensor], runs: List[int], options: List[float]) -> Tensor:
    dropout, scale, first, recompute, chunk, = options
    ids, places, positions, labels, = batch
    layers = torch.floordiv(torch.len(w) - 4, 12)
    x = torch.embedding(w[0], ids) + torch.embedding(w[1], places)            # (N, C)
    entry = (self).masks(x, dropout, 1, )
    x = (self).dropped(x, entry, 0, dropout, )
    inputs = annotate(List[Tensor], [])
    drawn = annotate(List[List[Tensor]], [])
    kept = annotate(List[List[Tensor]], [])
    for i in range(layers):
      _0 = torch.append(inputs, x)
      masks = (self).masks(x, dropout, 2, )
      _1 = torch.append(drawn, masks)
      values = annotate(List[Tensor], [])
      x = (self).layer(w, i, x, runs, masks, dropout, values, )
      if recompute > 0.:
        torch.clear(values)
      _2 = torch.append(kept, values)
    gain = w[torch.len(w) - 2]
    shift = w[torch.len(w) - 1]
    read = torch.index_select(x, 0, positions)                                # (R, C)
    hidden, mean, rstd, = torch.native_layer_norm(read, [torch.size(x, 1)], gain, shift, self.epsilon)
    loss = torch.zeros([], dtype=6, device=ops.prim.device(x))
    dhidden = (self).head(grads, hidden, labels, scale, first > 0., int(chunk), loss, )
    dread, dgain, dshift, = torch.native_layer_norm_backward(dhidden, read, [torch.size(x, 1)], mean, rstd, gain, shift, [True, True, True])
    (self).gather(grads, torch.len(w) - 2, dgain, first > 0., )
    (self).gather(grads, torch.len(w) - 1, dshift, first > 0., )
    dx = torch.index_add_(torch.zeros_like(x), 0, positions, dread)           # (N, C)
    for j in range(layers):
      i = layers - 1 - j
      values0 = torch.pop(kept)
      masks0 = torch.pop(drawn)
      x0 = torch.pop(inputs)
      if recompute > 0.:
        _3 = (self).layer(w, i, x0, runs, masks0, dropout, values0, )
      dx = (self).layer_back(w, grads, i, x0, dx, runs, masks0, [dropout, first], values0, )
    dx = (self).dropped(dx, entry, 0, dropout, )
    if first > 0.:
      _4 = torch.zero_(grads[1])
    _5 = torch.index_add_(grads[0], 0, ids, dx)
    _6 = torch.index_add_(grads[1], 0, places, dx)
    return loss

  # The LM head and its loss in chunks of scored tokens, so that (R, V) is never held: adds to the loss
  # sum and to the embedding's gradient, returns d(scale * loss) / d hidden (R, C). Logits become
  # probabilities and then their own gradient, p - 1 at the label and p elsewhere, in one buffer.
  def head(self: __torch__.Gpt2, grads: List[Tensor], hidden: Tensor, labels: Tensor, scale: float, first: bool, chunk: int, loss: Tensor) -> Tensor:
    M = (self.w)[0]
    dtype = ops.prim.dtype(M)
    rows = torch.size(hidden, 0)
    dhidden = torch.empty_like(hidden)
    for c in range(torch.floordiv(rows + chunk - 1, chunk)):
      end = ops.prim.min(rows, (c + 1) * chunk)
      h = torch.to(torch.slice(hidden, 0, c * chunk, end), dtype)             # (chunk, C)
      label = torch.unsqueeze(torch.slice(labels, 0, c * chunk, end), 1)      # (chunk, 1)
      logits = (self).logits_of(h, M, )                                       # (chunk, V)
      p, likelihood, = (self).likelihoods(logits, label, )
      _0 = torch.sub_(loss, torch.sum(likelihood))
      _1 = torch.scatter_(p, 1, label, torch.to(torch.exp(likelihood) - 1., dtype))
      if dtype == 5:
        p = torch.mul_(p, scale)
        scale1 = 1.
      else:
        scale1 = scale
      d = torch.slice(dhidden, 0, c * chunk, end)
      _2 = torch.mul(torch.to(torch.mm(p, M), 6), scale1, out=d)
      (self).outer(grads, 0, p, h * scale1, first and c == 0, )
    return dhidden

  # h M^T, (chunk, V). In FP32 over blocks of the vocabulary: MKL's product with a transposed, very tall
  # matrix runs a fifth slower in one piece. BF16 goes through oneDNN, which wants the whole.
  def logits_of(self: __torch__.Gpt2, h: Tensor, M: Tensor) -> Tensor:
    V = torch.size(M, 0)
    if ops.prim.dtype(h) == 6 and not(ops.prim.is_cuda(h)):
      logits = torch.empty([torch.size(h, 0), V], dtype=6)
      for i in range(torch.floordiv(V + 1023, 1024)):
        end = ops.prim.min(V, (i + 1) * 1024)
        block = torch.slice(logits, 1, i * 1024, end)
        _0 = torch.mm(h, torch.t(torch.slice(M, 0, i * 1024, end)), out=block)
    else:
      logits = torch.linear(h, M)
    return logits

  # Probabilities (chunk, V), which overwrite the logits, and log p(label) (chunk, 1) in FP32. The log of
  # the sum comes from the largest logit and its probability, so that it needs no second array.
  def likelihoods(self: __torch__.Gpt2, logits: Tensor, label: Tensor) -> Tuple[Tensor, Tensor]:
    chosen = torch.to(torch.gather(logits, 1, label), 6)
    most, at, = torch.max(logits, 1, True)
    p = torch._softmax(logits, 1, False, out=logits)
    total = torch.to(most, 6) - torch.log(torch.to(torch.gather(p, 1, at), 6))
    return (p, chosen - total)

  # The sum of -log p(label) over scored tokens, without gradients.
  def evaluate(self: __torch__.Gpt2, w: List[Tensor], batch: List[Tensor], runs: List[int], chunk: int) -> Tensor:
    hidden = (self).features(w, batch, runs, )
    M = (self.w)[0]
    rows = torch.size(hidden, 0)
    loss = torch.zeros([], dtype=7, device=ops.prim.device(hidden))
    for c in range(torch.floordiv(rows + chunk - 1, chunk)):
      end = ops.prim.min(rows, (c + 1) * chunk)
      h = torch.to(torch.slice(hidden, 0, c * chunk, end), ops.prim.dtype(M))
      logits = torch.to((self).logits_of(h, M, ), 6)                          # (chunk, V)
      label = torch.unsqueeze(torch.slice(batch[3], 0, c * chunk, end), 1)
      p, likelihood, = (self).likelihoods(logits, label, )
      _0 = torch.sub_(loss, torch.sum(likelihood))
    return torch.to(loss, 6)

  # Hidden states (R, C) of scored tokens, without gradients: what the LM head and the answer head read.
  def features(self: __torch__.Gpt2, w: List[Tensor], batch: List[Tensor], runs: List[int]) -> Tensor:
    x = torch.embedding(w[0], batch[0]) + torch.embedding(w[1], batch[1])
    none = annotate(List[Tensor], [])
    for i in range(torch.floordiv(torch.len(w) - 4, 12)):
      values = annotate(List[Tensor], [])
      x = (self).layer(w, i, x, runs, none, 0., values, )
    return (self).norm(torch.index_select(x, 0, batch[2]), w[torch.len(w) - 2], w[torch.len(w) - 1], )

  # One layer over x (N, C); appends to `values` what layer_back takes from it, in this order.
  def layer(self: __torch__.Gpt2, w: List[Tensor], i: int, x: Tensor, runs: List[int], masks: List[Tensor], dropout: float, values: List[Tensor]) -> Tensor:
    at = 2 + i * 12
    M = self.w
    dtype = ops.prim.dtype(M[at + 2])
    width = [torch.size(x, 1)]
    n1, mean1, rstd1, = torch.native_layer_norm(x, width, w[at], w[at + 1], self.epsilon)
    a = torch.to(n1, dtype)                                                   # (N, C)
    qkv = torch.linear(a, M[at + 2], torch.to(w[at + 3], dtype))              # (N, 3C)
    weighted = annotate(List[Tensor], [])
    y = (self).attend(qkv, runs, weighted, )                                  # (N, C)
    p = torch.linear(y, M[at + 4], torch.to(w[at + 5], dtype))
    x1 = x + (self).dropped(p, masks, 0, dropout, )
    n2, mean2, rstd2, = torch.native_layer_norm(x1, width, w[at + 6], w[at + 7], self.epsilon)
    b = torch.to(n2, dtype)
    up = torch.linear(b, M[at + 8], torch.to(w[at + 9], dtype))               # (N, 4C)
    g = torch.gelu(up, approximate="tanh")
    down = torch.linear(g, M[at + 10], torch.to(w[at + 11], dtype))           # (N, C)
    torch.extend(values, [mean1, rstd1, a, qkv, y, x1, mean2, rstd2, b, up, g])
    torch.extend(values, weighted)
    return x1 + (self).dropped(down, masks, 1, dropout, )

  # From d loss / d output of a layer to d loss / d input x, both (N, C) FP32; adds to `grads`.
  def layer_back(self: __torch__.Gpt2, w: List[Tensor], grads: List[Tensor], i: int, x: Tensor, dout: Tensor, runs: List[int], masks: List[Tensor], options: List[float], values: List[Tensor]) -> Tensor:
    dropout, new, = options
    first = new > 0.
    at = 2 + i * 12
    M = self.w
    dtype = ops.prim.dtype(M[at + 2])
    width = [torch.size(x, 1)]
    weighted = torch.slice(values, 11)
    mean1, rstd1, a, qkv, y, x1, mean2, rstd2, b, up, g, = torch.slice(values, 0, 11)
    ddown = torch.to((self).dropped(dout, masks, 1, dropout, ), dtype)        # (N, C)
    dg = (self).product_back(M[at + 10], grads, at + 10, ddown, g, first, )   # (N, 4C)
    dup = torch.gelu_backward(dg, up, approximate="tanh")
    db = (self).product_back(M[at + 8], grads, at + 8, dup, b, first, )       # (N, C)
    dn2, dgain2, dshift2, = torch.native_layer_norm_backward(torch.to(db, 6), x1, width, mean2, rstd2, w[at + 6], w[at + 7], [True, True, True])
    (self).gather(grads, at + 6, dgain2, first, )
    (self).gather(grads, at + 7, dshift2, first, )
    dx1 = torch.add_(dn2, dout)
    dp = torch.to((self).dropped(dx1, masks, 0, dropout, ), dtype)
    dy = (self).product_back(M[at + 4], grads, at + 4, dp, y, first, )
    dqkv = (self).attend_back(qkv, dy, runs, weighted, )                   # (N, 3C)
    da = (self).product_back(M[at + 2], grads, at + 2, dqkv, a, first, )
    dn1, dgain1, dshift1, = torch.native_layer_norm_backward(torch.to(da, 6), x, width, mean1, rstd1, w[at], w[at + 1], [True, True, True])
    (self).gather(grads, at, dgain1, first, )
    (self).gather(grads, at + 1, dshift1, first, )
    return torch.add_(dn1, dx1)

  # For y = x M^T + bias: adds d/dM and d/dbias to grads[at] and grads[at + 1], returns dy M.
  def product_back(self: __torch__.Gpt2, M: Tensor, grads: List[Tensor], at: int, dy: Tensor, x: Tensor, first: bool) -> Tensor:
    (self).outer(grads, at, dy, x, first, )
    (self).gather(grads, at + 1, torch.sum(dy, [0], dtype=6), first, )
    return torch.mm(dy, M)

  # grads[at] += dy^T x, where FP32 by the product itself.
  def outer(self: __torch__.Gpt2, grads: List[Tensor], at: int, dy: Tensor, x: Tensor, first: bool) -> NoneType:
    if ops.prim.dtype(dy) == 6:
      if first:
        _0 = torch.mm(torch.t(dy), x, out=grads[at])
      else:
        _1 = torch.addmm_(grads[at], torch.t(dy), x)
    else:
      (self).gather(grads, at, torch.mm(torch.t(dy), x), first, )
    return None

  def gather(self: __torch__.Gpt2, grads: List[Tensor], at: int, d: Tensor, first: bool) -> NoneType:
    if first:
      _0 = torch.copy_(grads[at], d)
    else:
      _1 = torch.add_(grads[at], d)
    return None

  # q, k and v (B, NH, T, HS) of one run of equally long sequences, from its rows of qkv (B*T, 3C).
  def heads_of(self: __torch__.Gpt2, rows: Tensor, sequences: int) -> List[Tensor]:
    T = torch.floordiv(torch.size(rows, 0), sequences)
    HS = torch.floordiv(torch.floordiv(torch.size(rows, 1), 3), self.heads)
    return torch.unbind(torch.permute(torch.view(rows, [sequences, T, 3, self.heads, HS]), [2, 0, 3, 1, 4]))

  # Causal attention within each sequence: (N, 3C) to (N, C). Appends to `weighted` what its backward
  # pass needs.
  def attend(self: __torch__.Gpt2, qkv: Tensor, runs: List[int], weighted: List[Tensor]) -> Tensor:
    if ops.prim.is_cuda(qkv):
      y = (self).attend_cuda(qkv, runs, weighted, )
    else:
      y = (self).attend_cpu(qkv, runs, weighted, )
    return y

  def attend_back(self: __torch__.Gpt2, qkv: Tensor, dy: Tensor, runs: List[int], weighted: List[Tensor]) -> Tensor:
    if ops.prim.is_cuda(qkv):
      dqkv = (self).attend_back_cuda(qkv, dy, runs, weighted, )
    else:
      dqkv = (self).attend_back_cpu(qkv, dy, runs, weighted, )
    return dqkv

  # On the CPU one call for each run of equally long sequences.
  def attend_cpu(self: __torch__.Gpt2, qkv: Tensor, runs: List[int], weighted: List[Tensor]) -> Tensor:
    C = torch.floordiv(torch.size(qkv, 1), 3)
    y = torch.empty([torch.size(qkv, 0), C], dtype=ops.prim.dtype(qkv))
    start = 0
    for r in range(torch.floordiv(torch.len(runs), 2)):
      B = runs[2 * r]
      T = runs[2 * r + 1]
      end = start + B * T
      q, k, v, = (self).heads_of(torch.slice(qkv, 0, start, end), B, )
      o, lse, = torch._scaled_dot_product_flash_attention_for_cpu(q, k, v, 0., True)
      torch.extend(weighted, [o, lse])
      joined = torch.view(torch.slice(y, 0, start, end), [B, T, self.heads, torch.size(q, 3)])
      _0 = torch.copy_(joined, torch.transpose(o, 1, 2))
      start = end
    return y

  def attend_back_cpu(self: __torch__.Gpt2, qkv: Tensor, dy: Tensor, runs: List[int], weighted: List[Tensor]) -> Tensor:
    dqkv = torch.empty_like(qkv)
    start = 0
    for r in range(torch.floordiv(torch.len(runs), 2)):
      B = runs[2 * r]
      T = runs[2 * r + 1]
      end = start + B * T
      q, k, v, = (self).heads_of(torch.slice(qkv, 0, start, end), B, )
      dq, dk, dv, = (self).heads_of(torch.slice(dqkv, 0, start, end), B, )
      do = torch.transpose(torch.view(torch.slice(dy, 0, start, end), [B, T, self.heads, torch.size(q, 3)]), 1, 2)
      dq1, dk1, dv1, = torch._scaled_dot_product_flash_attention_for_cpu_backward(do, q, k, v, weighted[2 * r], weighted[2 * r + 1], 0., True)
      _0 = torch.copy_(dq, dq1)
      _1 = torch.copy_(dk, dk1)
      _2 = torch.copy_(dv, dv1)
      start = end
    return dqkv

  # On CUDA one call for all sequences, told apart by where they start (int32, and N at the end). Mask
  # type 1 is causal.
  def attend_cuda(self: __torch__.Gpt2, qkv: Tensor, runs: List[int], weighted: List[Tensor]) -> Tensor:
    starts, longest, = (self).starts(runs, qkv, )
    q, k, v, = (self).packed_heads(qkv, )                                     # (1, N, NH, HS) each
    o, lse, seed, offset, _0, _1, = torch._efficient_attention_forward(q, k, v, None, starts, starts, longest, longest, 0., 1, True)
    torch.extend(weighted, [o, lse, seed, offset])
    return torch.reshape(o, [torch.size(qkv, 0), torch.floordiv(torch.size(qkv, 1), 3)])

  def attend_back_cuda(self: __torch__.Gpt2, qkv: Tensor, dy: Tensor, runs: List[int], weighted: List[Tensor]) -> Tensor:
    starts, longest, = (self).starts(runs, qkv, )
    q, k, v, = (self).packed_heads(qkv, )
    o, lse, seed, offset, = weighted
    dq, dk, dv, _0, = torch._efficient_attention_backward(torch.view(dy, torch.size(o)), q, k, v, None, o, starts, starts, longest, longest, lse, 0., seed, offset, 1, False)
    return torch.reshape(torch.stack([dq, dk, dv], 2), torch.size(qkv))

  def packed_heads(self: __torch__.Gpt2, qkv: Tensor) -> List[Tensor]:
    HS = torch.floordiv(torch.floordiv(torch.size(qkv, 1), 3), self.heads)
    return torch.unbind(torch.view(qkv, [1, torch.size(qkv, 0), 3, self.heads, HS]), 2)

  # Where sequences start, and the longest one's length.
  def starts(self: __torch__.Gpt2, runs: List[int], like: Tensor) -> Tuple[Tensor, int]:
    starts = [0]
    longest = 0
    for r in range(torch.floordiv(torch.len(runs), 2)):
      longest = ops.prim.max(longest, runs[2 * r + 1])
      for b in range(runs[2 * r]):
        _0 = torch.append(starts, starts[-1] + runs[2 * r + 1])
    return (torch.tensor(starts, dtype=3, device=ops.prim.device(like)), longest)

  # Which values of a (N, C) array a step keeps; none drawn without dropout.
  def masks(self: __torch__.Gpt2, like: Tensor, dropout: float, count: int) -> List[Tensor]:
    masks = annotate(List[Tensor], [])
    if dropout > 0.:
      for i in range(count):
        mask = torch.empty(torch.size(like), dtype=11, device=ops.prim.device(like))
        _0 = torch.append(masks, torch.bernoulli_(mask, 1. - dropout))
    return masks

  # Also its own backward pass.
  def dropped(self: __torch__.Gpt2, x: Tensor, masks: List[Tensor], at: int, dropout: float) -> Tensor:
    if torch.len(masks) > 0:
      kept = torch.mul_(x * masks[at], 1. / (1. - dropout))
    else:
      kept = x
    return kept

  # The norm of all gradients together.
  def norm_of(self: __torch__.Gpt2, grads: List[Tensor]) -> Tensor:
    return torch.norm(torch.stack(torch._foreach_norm(grads)))

  # One AdamW step (decoupled decay, arXiv 1711.05101) of one group of weights, whose gradients are
  # divided by `divisor` first; then self.w follows from place `at` on. `rates`: learning rate, beta1,
  # beta2, epsilon, weight decay. The lists must come from outside: on lists built here, libtorch takes the
  # fused step for dead code and drops it.
  def adamw(self: __torch__.Gpt2, w: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], rates: List[float], divisor: float) -> int:
    rate, beta1, beta2, epsilon, decay, = rates
    torch._foreach_add_(steps, 1)
    scale = annotate(Optional[Tensor], None)
    if divisor != 1.:
      scale = torch.full([], divisor, dtype=6, device=ops.prim.device(w[0]))
    torch._fused_adamw_(w, grads, m, v, annotate(List[Tensor], []), steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False, grad_scale=scale)
    return torch.len(w)

  # Copies weights into self.w where that is of another type.
  def refresh(self: __torch__.Gpt2, w: List[Tensor]) -> int:
    for i in range(torch.len(w)):
      if ops.prim.dtype((self.w)[i]) != ops.prim.dtype(w[i]):
        _0 = torch.copy_((self.w)[i], w[i])
    return torch.len(w)

  # Copies the second list's values over the first's, across devices where they differ.
  def assign(self: __torch__.Gpt2, to: List[Tensor], from_: List[Tensor]) -> int:
    for i in range(torch.len(to)):
      _0 = torch.copy_(to[i], from_[i])
    return torch.len(to)

  def fill(self: __torch__.Gpt2, arrays: List[Tensor], value: float) -> int:
    for i in range(torch.len(arrays)):
      _0 = torch.fill_(arrays[i], value)
    return torch.len(arrays)

  def add_all(self: __torch__.Gpt2, to: List[Tensor], other: List[Tensor]) -> int:
    for i in range(torch.len(to)):
      _0 = torch.add_(to[i], torch.to(other[i], ops.prim.device(to[i]), 6))
    return torch.len(to)

  # Sets the gradients of the answer head's mean loss: head is weight (A, C) and bias (A), labels
  # (N) are answers.
  def accumulate_answers(self: __torch__.Gpt2, head: List[Tensor], grads: List[Tensor], features: Tensor, labels: Tensor) -> Tensor:
    loss = torch.cross_entropy_loss(torch.linear(features, head[0], head[1]), labels)
    found = torch.grad([loss], head)
    for i in range(2):
      _0 = torch.copy_(grads[i], unchecked_cast(Tensor, found[i]))
    return torch.detach(loss)

  def answers_loss(self: __torch__.Gpt2, head: List[Tensor], features: Tensor, labels: Tensor) -> Tensor:
    return torch.cross_entropy_loss(torch.linear(features, head[0], head[1]), labels)

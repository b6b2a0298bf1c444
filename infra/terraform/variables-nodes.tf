variable "cpu_nodes" {
  description = "Nodes that serve on CPU, all zones together. c3-standard-4 has AMX, which INT8 and BF16 need to be fast."
  type = object({
    machine_type = optional(string, "c3-standard-4")
    minimum      = optional(number, 2)
    maximum      = optional(number, 10)
    spot         = optional(bool, false)
    disk_gb      = optional(number, 50)
  })
  default = {}

  validation {
    condition     = startswith(var.cpu_nodes.machine_type, "c3-")
    error_message = "cpu_nodes.machine_type must be of the C3 series: the CPU overlay selects its nodes by AMX."
  }
  validation {
    condition     = var.cpu_nodes.minimum >= 1 && var.cpu_nodes.maximum >= var.cpu_nodes.minimum && var.cpu_nodes.maximum <= 100
    error_message = "cpu_nodes needs 1 <= minimum <= maximum <= 100: something must run the cluster's own pods."
  }
}

variable "gpu_nodes" {
  description = "Nodes that serve on one T4 each, all zones together; maximum 0: no such pool."
  type = object({
    machine_type = optional(string, "n1-standard-4")
    maximum      = optional(number, 0)
    spot         = optional(bool, false)
    disk_gb      = optional(number, 100)
  })
  default = {}

  validation {
    condition     = startswith(var.gpu_nodes.machine_type, "n1-")
    error_message = "gpu_nodes.machine_type must be of the N1 series: T4s attach to no other."
  }
  validation {
    condition     = var.gpu_nodes.maximum >= 0 && var.gpu_nodes.maximum <= 50
    error_message = "gpu_nodes.maximum must be 0 to 50; the project's quota of T4s is often 0 or 1."
  }
}

variable "training_nodes" {
  description = "Nodes that train on one GPU each, all zones together, from none; maximum 0: no such pool."
  type = object({
    machine_type = optional(string, "n1-standard-8")
    gpu          = optional(string, "nvidia-tesla-t4")
    maximum      = optional(number, 1)
    spot         = optional(bool, true)
    disk_gb      = optional(number, 200)
  })
  default = {}

  validation {
    condition     = var.training_nodes.maximum >= 0 && var.training_nodes.maximum <= 10
    error_message = "training_nodes.maximum must be 0 to 10."
  }
}

variable "gpu_driver" {
  description = "Who installs the GPU's driver: LATEST and DEFAULT are GKE's, of which only LATEST is sure to know CUDA 12.8; INSTALLATION_DISABLED leaves it to the DaemonSet of the gpu overlay."
  type        = string
  default     = "LATEST"

  validation {
    condition     = contains(["INSTALLATION_DISABLED", "DEFAULT", "LATEST"], var.gpu_driver)
    error_message = "gpu_driver must be INSTALLATION_DISABLED, DEFAULT or LATEST."
  }
}

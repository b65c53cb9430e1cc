metadata name = 'Data storage'
metadata description = 'What all stamps share: raw artefacts, curated data, datasets, models, the audit trail, and the platform\'s tables.'

import { identity, operator, privateLink, retentionDays, roles, storageSku, tagSet } from '../types.bicep'

@description('Required. Globally unique account name.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Redundancy.')
param sku storageSku

@description('Required. Whether the second region lags 15 minutes at most, guaranteed, for a price.')
param geoPriority bool

@description('Required. How long data is kept.')
param retention retentionDays

@description('Required. Whether the account has a public endpoint.')
param publicAccess bool

@description('Required. Where private endpoints go; null for none.')
param link privateLink?

@description('Required. Where diagnostics go.')
param workspaceId string

@description('Required. Key of ours that the account encrypts with, and the identity that fetches it; null for the platform\'s keys.')
param encryptionKey { vaultUri: string, keyName: string, identityId: string }?

@description('Required. Identity of the agents\' app.')
param agents identity

@description('Required. Identity of the orchestrators\' app.')
param orchestrators identity

@description('Required. Who operates the platform: they drop files, look at data and restore it.')
param operators operator[]

@description('Required. Whether the account can be deleted only after its lock.')
param lock bool

@description('Containers whose blobs nobody can change or delete, and for how many days.')
var immutable = [
  { name: 'landing', days: retention.landingImmutableDays }
  { name: 'audit', days: retention.auditImmutableDays }
]

@description('The other containers. The platform backs its tables up into backups; undelivered-events is where Event Grid puts what it could not deliver.')
var ordinary = ['curated', 'datasets', 'quarantine', 'models', 'drop', 'control', 'backups', 'undelivered-events']

@description('Both apps read and write data and the tables of cursors, ledger, tokens and quotas.')
var dataRoles = ['Storage Blob Data Contributor', 'Storage Table Data Contributor']

@description('Parts of the account that are reached. Queues belong to the stamps.')
var services = ['blob', 'table']

@description('Whether blobs reach the archive tier.')
var archives = retention.archiveAfterDays > 0

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  identity: encryptionKey == null
    ? { type: 'None' }
    : { type: 'UserAssigned', userAssignedIdentities: { '${encryptionKey!.identityId}': {} } }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    allowedCopyScope: 'AAD'
    defaultToOAuthAuthentication: true
    isHnsEnabled: false // it excludes versions and their immutability: docs/adr/0039-infrastructure.md
    isLocalUserEnabled: false
    isSftpEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    // Event Grid is a trusted service: it puts what it could not deliver into a container.
    networkAcls: { bypass: 'AzureServices', defaultAction: publicAccess ? 'Allow' : 'Deny' }
    sasPolicy: { expirationAction: 'Block', sasExpirationPeriod: '00.01:00:00' }
    geoPriorityReplicationStatus: geoPriority ? { isBlobEnabled: true } : null
    encryption: {
      keySource: encryptionKey == null ? 'Microsoft.Storage' : 'Microsoft.Keyvault'
      // No version is named, so that the account follows when the key rotates.
      keyvaultproperties: encryptionKey == null
        ? null
        : { keyvaulturi: encryptionKey!.vaultUri, keyname: encryptionKey!.keyName }
      identity: encryptionKey == null ? null : { userAssignedIdentity: encryptionKey!.identityId }
      requireInfrastructureEncryption: true
      services: {
        blob: { enabled: true, keyType: 'Account' }
        file: { enabled: true, keyType: 'Account' }
        queue: { enabled: true, keyType: 'Account' }
        table: { enabled: true, keyType: 'Account' }
      }
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      isVersioningEnabled: true
      changeFeed: { enabled: true, retentionInDays: retention.versionDays }
      deleteRetentionPolicy: { enabled: true, days: retention.softDeleteDays, allowPermanentDelete: false }
      containerDeleteRetentionPolicy: { enabled: true, days: retention.softDeleteDays }
    }

    resource containers 'containers' = [
      for container in ordinary: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]

    resource immutableContainers 'containers' = [
      for container in immutable: {
        name: container.name
        properties: { publicAccess: 'None', immutableStorageWithVersioning: { enabled: true } }
      }
    ]
  }

  resource queues 'queueServices' = { name: 'default' }

  resource tables 'tableServices' = { name: 'default' }
}

// The policies are unlocked: only a person locks one, for ever (infra/bicep/README.md).
resource policies 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2025-08-01' = [
  for (container, i) in immutable: {
    parent: account::blobs::immutableContainers[i]
    name: 'default'
    properties: { immutabilityPeriodSinceCreationInDays: container.days, allowProtectedAppendWrites: false }
  }
]

resource lifeCycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-08-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'landing'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['landing/'] }
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: retention.coolAfterDays }
                tierToCold: { daysAfterModificationGreaterThan: retention.coldAfterDays }
                tierToArchive: archives ? { daysAfterModificationGreaterThan: retention.archiveAfterDays } : null
                delete: { daysAfterModificationGreaterThan: retention.landingDays }
              }
              version: { delete: { daysAfterCreationGreaterThan: retention.landingDays } }
            }
          }
        }
        {
          name: 'audit'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['audit/'] }
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: retention.coolAfterDays }
                tierToCold: { daysAfterModificationGreaterThan: retention.coldAfterDays }
                delete: { daysAfterModificationGreaterThan: retention.auditDays }
              }
              version: { delete: { daysAfterCreationGreaterThan: retention.auditDays } }
            }
          }
        }
        {
          name: 'quarantine'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['quarantine/', 'undelivered-events/'] }
            actions: {
              baseBlob: { delete: { daysAfterModificationGreaterThan: retention.quarantineDays } }
              version: { delete: { daysAfterCreationGreaterThan: retention.versionDays } }
            }
          }
        }
        {
          name: 'drop'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['drop/'] }
            actions: {
              baseBlob: { delete: { daysAfterModificationGreaterThan: retention.dropDays } }
              version: { delete: { daysAfterCreationGreaterThan: retention.versionDays } }
            }
          }
        }
        {
          name: 'backups'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['backups/'] }
            actions: {
              baseBlob: { delete: { daysAfterModificationGreaterThan: retention.backupDays } }
              version: { delete: { daysAfterCreationGreaterThan: retention.versionDays } }
            }
          }
        }
        {
          // Pointers and cursors are replaced all the time; only their old versions go.
          name: 'versions'
          type: 'Lifecycle'
          enabled: true
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['curated/', 'datasets/', 'models/', 'control/'] }
            actions: { version: { delete: { daysAfterCreationGreaterThan: retention.versionDays } } }
          }
        }
      ]
    }
  }
}

resource agentsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in dataRoles: {
    name: guid(account.id, 'agents', role)
    scope: account
    properties: {
      principalId: agents.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
      description: 'The agents of all stamps.'
    }
  }
]

resource orchestratorsAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in dataRoles: {
    name: guid(account.id, 'orchestrators', role)
    scope: account
    properties: {
      principalId: orchestrators.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
      description: 'The orchestrators of all stamps: cursors, command results and the ledger.'
    }
  }
]

resource operatorsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(account.id, operator.principalId, 'Storage Blob Data Contributor')
    scope: account
    properties: {
      principalId: operator.principalId
      principalType: operator.principalType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Storage Blob Data Contributor']
      )
      description: 'Operators drop files, look at data and restore versions.'
    }
  }
]

resource operatorsTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(account.id, operator.principalId, 'Storage Table Data Contributor')
    scope: account
    properties: {
      principalId: operator.principalId
      principalType: operator.principalType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Storage Table Data Contributor']
      )
      description: 'Operators back up and restore the platform\'s tables.'
    }
  }
]

module endpoints 'private-endpoint.bicep' = [
  for service in services: if (!publicAccess) {
    params: {
      targetName: name
      targetId: account.id
      groupId: service
      subnetId: link!.subnetId
      zoneIds: [link!.zones[service]]
      location: location
      tags: tags
    }
  }
]

resource locked 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'keep'
  scope: account
  properties: { level: 'CanNotDelete', notes: 'Data of the platform. Remove the lock only to retire the environment.' }
}

resource accountDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    metrics: [
      { category: 'Transaction', enabled: true }
      { category: 'Capacity', enabled: true }
    ]
  }
}

resource blobDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::blobs
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [
      { category: 'Transaction', enabled: true }
      { category: 'Capacity', enabled: true }
    ]
  }
}

resource tableDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::tables
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

resource queueDiagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: account::queues
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

@description('Where blobs are.')
output blobEndpoint string = account.properties.primaryEndpoints.blob
